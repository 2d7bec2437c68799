# A session that was left open ends by itself, and new files are closed to others.
TMOUT=900
readonly TMOUT
export TMOUT
umask 027
