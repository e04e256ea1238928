"""What the functions share. Imported first of it all, so it says here how often garbage is looked for."""

import gc
from typing import Final

# A function's imports make some 80,000 objects that stay. To look through them for garbage after every 700, as
# Python does unless told, is a twentieth of a cold start; this many are some 20 MB at most.
OBJECTS_BETWEEN_COLLECTIONS: Final = 100_000

gc.set_threshold(OBJECTS_BETWEEN_COLLECTIONS)
