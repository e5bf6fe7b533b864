"""Under which names servers of this machine are answered.

A page of another site can make a browser call them under a name of its own, which it
lets lead here.
"""

import re

HOST = re.compile(r"(127\.0\.0\.1|localhost|\[::1\])(:\d+)?", re.IGNORECASE)
"""What a `Host` header may be, whole."""
