# Looks at a host and changes nothing. Input: "password" or "none", then the sudo password as the last line.
# Output: lines of name=value; see preflight.rs.
IFS= read -r secret

free() { # NAME DIRECTORY: free KiB, if the directory can be written to.
	[ -d "$2" ] && [ -w "$2" ] || return 0
	echo "$1=$(df -Pk "$2" 2>/dev/null | sed -n '$s/^.* \([0-9][0-9]*\)  *[0-9-]*%* .*/\1/p')"
}

echo "system=$(uname -s)"
echo "machine=$(uname -m)"
echo "os=$(sed -n 's/^PRETTY_NAME=//p' /etc/os-release 2>/dev/null | tr -d '"')"
echo "init=$init"
echo "systemd=$(systemctl --version 2>/dev/null | sed -n '1s/^systemd \([0-9]*\).*/\1/p')"
echo "uid=$(id -u)"
echo "user=$(id -un)"
echo "home=$HOME"
free tmp_free_kib /tmp
free home_free_kib "$HOME"
for place in /usr/local/lib /usr/local /usr; do
	[ -d "$place" ] && echo "lib_free_kib=$(df -Pk "$place" 2>/dev/null | sed -n '$s/^.* \([0-9][0-9]*\)  *[0-9-]*%* .*/\1/p')" && break
done
echo "etc_free_kib=$(df -Pk /etc 2>/dev/null | sed -n '$s/^.* \([0-9][0-9]*\)  *[0-9-]*%* .*/\1/p')"
# Listening sockets on ports whose hexadecimal number starts with 238 or 239: 9088 to 9119.
sed -n 's/^ *[0-9]*: [0-9A-F]*:\(23[89][0-9A-F]\) [0-9A-F]*:[0-9A-F]* 0A .*/listening=\1/p' /proc/net/tcp /proc/net/tcp6 2>/dev/null | sort -u
[ -e /proc/net/if_inet6 ] && echo "bindv6only=$(cat /proc/sys/net/ipv6/bindv6only 2>/dev/null)"
if [ -e "$unit" ]; then
	echo "agent_port=$(sed -n 's/^.*--listen [^ ]*:\([0-9]*\).*/\1/p' "$unit" | head -n 1)"
	case $init in
	systemd) echo "agent_state=$(systemctl is-active tactus-agent.service 2>/dev/null)" ;;
	# Only root may ask the others; a process of that name says the same.
	*) grep -qs '^tactus-agent$' /proc/[0-9]*/comm && echo agent_state=active ;;
	esac
fi

as_root='
[ "$(id -u)" = 0 ] || exit 3
for place in /usr/local/lib/tactus /etc/tactus-agent "$1" "$2"; do
	while [ ! -e "$place" ]; do place=${place%/*}; [ "$place" ] || place=/; done
	[ -w "$place" ] || echo "readonly=$place"
done
echo root=yes'
if [ "$(id -u)" = 0 ]; then
	sh -c "$as_root" sh "${unit%/*}" "$run" </dev/null
elif command -v sudo >/dev/null 2>&1; then
	# The password goes from the channel to sudo without passing through a variable, an argument or the environment.
	if [ "$secret" = password ]; then
		said=$(sudo -k -S -p "" -- sh -c "$as_root" sh "${unit%/*}" "$run" 2>&1)
	else
		said=$(sudo -k -n -- sh -c "$as_root" sh "${unit%/*}" "$run" 2>&1 </dev/null)
	fi
	printf '%s\n' "$said" | sed -n 's/^\(root\|readonly\)=/\1=/p; t; s/^/sudo_said=/p'
else
	echo sudo=missing
fi
echo end=yes
