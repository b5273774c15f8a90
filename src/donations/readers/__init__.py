"""Statement files: bytes in, checked statements out; one file per format. Only `door` and `worker` know the system."""

from donations.readers.protocol import UNPACKED_BYTES_MAX, Limits

__all__ = ["UNPACKED_BYTES_MAX", "Limits"]
