# As the login user: replaces our line in authorized_keys. Input: the line, or an empty one to take it out.
IFS= read -r entry
exec </dev/null
umask 077
keys=$HOME/.ssh/authorized_keys
mark=tactus-may-only-read
if [ -z "$entry" ] && [ ! -e "$keys" ]; then
	echo clean=yes
	exit 0
fi
[ -d "$HOME/.ssh" ] || mkdir -m 700 -- "$HOME/.ssh" || exit 1
[ ! -e "$keys" ] || cp -p -- "$keys" "$keys.tactus-new" || exit 1
{
	[ ! -e "$keys" ] || grep -v " $mark\$" "$keys"
	[ -z "$entry" ] || printf '%s\n' "$entry"
	:
} >"$keys.tactus-new" || { rm -f -- "$keys.tactus-new"; exit 1; }
if [ -s "$keys.tactus-new" ]; then
	mv -f -- "$keys.tactus-new" "$keys" || exit 1
else
	rm -f -- "$keys.tactus-new" "$keys"
	rmdir -- "$HOME/.ssh" 2>/dev/null
fi
echo clean=yes
