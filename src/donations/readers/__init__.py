"""Statement files: bytes in, checked statements out; one file per format. Only `door` and `worker` know the system."""

from donations.readers.protocol import Limits

__all__ = ["Limits"]
