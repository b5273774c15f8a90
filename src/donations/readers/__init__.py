"""Statement files: bytes in, checked statements out; one file per format, no I/O."""

from donations.readers.protocol import Limits
from donations.readers.registry import READERS, read

__all__ = ["READERS", "Limits", "read"]
