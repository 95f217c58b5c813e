# What install and upgrade share. Input: directory of uploads, port in four hexadecimal digits.
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

say_log() {
	if [ "$init" != systemd ]; then
		tail -n 6 "$run/tactus-agent.log" 2>/dev/null | tail -c 1000
		return
	fi
	journalctl --sync >/dev/null 2>&1
	invocation=$(systemctl show -p InvocationID --value tactus-agent.service 2>/dev/null)
	# What the agent itself said; when it said nothing, what systemd says of it.
	said=$(journalctl "_SYSTEMD_INVOCATION_ID=$invocation" -n 6 --no-pager -o cat -q 2>/dev/null | tail -c 1000)
	# The journal does not know whose lines they are when the agent has ended before it looked.
	[ -n "$said" ] || said=$(journalctl -t tactus-agent --since "$began" -n 6 --no-pager -o cat -q 2>/dev/null | tail -c 1000)
	[ -n "$said" ] || said=$(journalctl "INVOCATION_ID=$invocation" -n 6 --no-pager -o cat -q 2>/dev/null | tail -c 1000)
	printf '%s\n' "$said"
	systemctl show -p Result -p ExecMainStatus tactus-agent.service 2>/dev/null
}

fail_service() {
	at=
	echo service=failed
	say_log | sed 's/^/log=/'
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
		cp -p -- "$unit" "$old.new/unit" || exit 1
	for script in loop.sh space.sh; do
		[ ! -e "$lib/$script" ] || cp -p -- "$lib/$script" "$old.new/$script" || exit 1
	done
	mv -- "$old.new" "$old" || exit 1
}

guard() { # Undoes the change by itself when nobody has confirmed it: the connection may have broken for good.
	(
		trap - EXIT
		trap '' HUP INT TERM
		exec >/dev/null 2>&1 9>&-
		waited=0
		while [ $waited -lt 22 ]; do
			sleep 1
			[ -e "$unproven" ] || exit 0
			waited=$((waited + 1))
		done
		lock
		undo
		unlock
	) &
}

start_and_wait() {
	echo step=start
	at=
	began=$(date '+%Y-%m-%d %H:%M:%S')
	read_again
	enable || fail_service
	[ "$init" != systemd ] || systemctl reset-failed tactus-agent.service >/dev/null 2>&1
	service restart || fail_service
	tries=0
	while [ $tries -lt 160 ]; do
		grep -q ":$port 0*:0000 0A " /proc/net/tcp /proc/net/tcp6 2>/dev/null && break
		if [ "$init" = systemd ]; then
			case $(systemctl show -p SubState --value tactus-agent.service 2>/dev/null) in
			failed | dead | auto-restart*) fail_service ;;
			esac
		fi
		tries=$((tries + 1))
		[ $((tries % 40)) != 0 ] || echo step=waiting
		# Without fractions of seconds a try takes twenty times as long.
		sleep 0.05 2>/dev/null || { sleep 1; tries=$((tries + 19)); }
	done
	[ $tries -lt 160 ] || fail_service
}

lock
proven=
trap ended EXIT
trap 'exit 1' HUP INT TERM
at=$lib
mkdir -p -- "$lib" && chmod 755 "$lib" || exit 1
# What an earlier change left unproven is not what this one goes back to.
keep_previous
: >"$unproven" || exit 1
[ ! -d "$old" ] || echo previous=yes
guard
