import gc
import os
import sys

from django.core.wsgi import get_wsgi_application

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "netralitas.settings")
# A thread that comes back from the database gets the processor at once: it may hold the turn to write.
sys.setswitchinterval(0.0005)  # seconds
application = get_wsgi_application()
# What is loaded by now stays; looking through it again and again costs a tenth of a busy server's time.
gc.collect()
gc.freeze()
gc.set_threshold(50_000, 20, 100)
