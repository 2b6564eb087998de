"""Makes the virtual environment, and says plainly what is missing where that cannot be done."""

import subprocess
import sys

if sys.version_info < (3, 11):
    sys.exit(f"sigforum needs Python 3.11 or newer; this is {sys.version.split()[0]}. "
             "Name another one: make run PYTHON=python3.12")
done = subprocess.run([sys.executable, "-m", "venv", sys.argv[1]], capture_output=True, text=True)
if done.returncode:
    subprocess.run(["rm", "-rf", sys.argv[1]], check=True)
    sys.exit("This Python cannot make virtual environments. On Debian and Ubuntu, install python3-venv "
             f"and try again.\n{done.stdout}{done.stderr}")
