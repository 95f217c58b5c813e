# Input: directory of uploads.
IFS= read -r staged
exec </dev/null
lock
undo
unlock
