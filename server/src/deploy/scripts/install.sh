# Input: directory of uploads, port in four hexadecimal digits. Files there: tactus-agent, unit, certificate.pem, key.pem, token-sha256.
IFS= read -r staged
IFS= read -r port
exec </dev/null

ended() {
	if [ "$proven" != yes ]; then
		[ -z "$at" ] || echo "failed_at=$at"
		undo
	fi
	unlock
}

fail_service() {
	at=
	echo service=failed
	journalctl --sync >/dev/null 2>&1
	run=$(systemctl show -p InvocationID --value "$service" 2>/dev/null)
	# What the agent itself said; when it said nothing, what systemd says of it.
	said=$(journalctl "_SYSTEMD_INVOCATION_ID=$run" -n 6 --no-pager -o cat -q 2>/dev/null | tail -c 1000)
	# The journal does not know whose lines they are when the agent has ended before it looked.
	[ -n "$said" ] || said=$(journalctl -t tactus-agent --since "$began" -n 6 --no-pager -o cat -q 2>/dev/null | tail -c 1000)
	[ -n "$said" ] || said=$(journalctl "INVOCATION_ID=$run" -n 6 --no-pager -o cat -q 2>/dev/null | tail -c 1000)
	printf '%s\n' "$said" | sed 's/^/log=/'
	systemctl show -p Result -p ExecMainStatus "$service" 2>/dev/null | sed 's/^/log=/'
	exit 1
}

put() { # FROM TO MODE: replaces a file in one step.
	at=$2
	cp -- "$1" "$2.new" && chmod "$3" "$2.new" && chown 0:0 "$2.new" && mv -f -- "$2.new" "$2" || exit 1
}

keep_previous() {
	[ -e "$unit" ] && [ -e "$lib/tactus-agent" ] && [ -d "$conf" ] && [ ! -d "$old" ] || return 0
	at=$old
	rm -rf -- "$old.new"
	mkdir -- "$old.new" && cp -p -- "$lib/tactus-agent" "$old.new/tactus-agent" && cp -pR -- "$conf" "$old.new/conf" &&
		cp -p -- "$unit" "$old.new/unit" && mv -- "$old.new" "$old" || exit 1
}

lock
proven=
trap ended EXIT
trap 'exit 1' HUP INT TERM
at=$lib
mkdir -p -- "$lib" && chmod 755 "$lib" || exit 1
keep_previous
[ ! -d "$old" ] || echo previous=yes
put "$staged/tactus-agent" "$lib/tactus-agent" 755
at=$conf
mkdir -p -- "$conf" && chmod 700 "$conf" || exit 1
for name in certificate.pem key.pem token-sha256; do
	put "$staged/$name" "$conf/$name" 600
done
put "$staged/unit" "$unit" 644
discard

echo step=start
at=
began=$(date '+%Y-%m-%d %H:%M:%S')
systemctl daemon-reload >/dev/null 2>&1
systemctl enable "$service" >/dev/null 2>&1 || fail_service
systemctl reset-failed "$service" >/dev/null 2>&1
systemctl restart "$service" >/dev/null 2>&1 || fail_service
tries=0
while [ $tries -lt 160 ]; do
	grep -q ":$port 0*:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null && break
	case $(systemctl show -p SubState --value "$service" 2>/dev/null) in
	failed | dead | auto-restart*) fail_service ;;
	esac
	tries=$((tries + 1))
	[ $((tries % 40)) != 0 ] || echo step=waiting
	sleep 0.05 2>/dev/null || sleep 1
done
[ $tries -lt 160 ] || fail_service
proven=yes
echo installed=yes
