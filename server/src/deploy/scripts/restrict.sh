# As root: the two scripts that a key may start which may only read. Input: number of lines of the first script, the scripts.
# Output: placed=yes.
IFS= read -r lines
copy() { # LINES FILE
	left=$1
	while [ "$left" -gt 0 ] && IFS= read -r line; do
		printf '%s\n' "$line"
		left=$((left - 1))
	done >"$2.new" && chmod 755 "$2.new" && mv -f -- "$2.new" "$2"
}
[ -d "$lib" ] || { echo "error=no agent"; exit 1; }
copy "$lines" "$lib/loop.sh" && copy 1000 "$lib/space.sh" && echo placed=yes
