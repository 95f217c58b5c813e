# What install, undo, commit and remove share: the places of an agent on a host.
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
umask 077
trap '' PIPE
lib=/usr/local/lib/tactus
conf=/etc/tactus-agent
service=tactus-agent.service
unit=/etc/systemd/system/$service
wanted=/etc/systemd/system/multi-user.target.wants/$service
# The installation that was there before; present only while a new one is not yet proven.
old=$lib/previous

# One action at a time: a script whose connection broke may still be running.
lock() {
	exec 9>/run/tactus-agent.lock
	flock -w 20 9 || { echo "error=another action runs on this host"; exit 1; }
}

unlock() {
	rm -f /run/tactus-agent.lock
}

discard() { # Deletes the directory of uploads, whose name only the centre makes.
	case $staged in
	*/.tactus-upload-* | */tactus-upload-*) rm -rf -- "$staged" ;;
	esac
}

take_off() { # Everything but $old.
	echo step=stop
	if [ -e "$unit" ] || [ -L "$wanted" ]; then
		systemctl disable --now "$service" >/dev/null 2>&1
		systemctl stop "$service" >/dev/null 2>&1
	fi
	rm -f -- "$wanted" "$unit" "$unit.new" "$lib/tactus-agent" "$lib/tactus-agent.new"
	rm -rf -- "$conf" "$conf.new" "$old.new"
}

forget_unit() {
	systemctl daemon-reload >/dev/null 2>&1
	systemctl reset-failed "$service" >/dev/null 2>&1
}

put_back() {
	mv -f -- "$old/tactus-agent" "$lib/tactus-agent" &&
		mv -f -- "$old/conf" "$conf" &&
		mv -f -- "$old/unit" "$unit" &&
		rm -rf -- "$old" &&
		systemctl daemon-reload >/dev/null 2>&1 &&
		systemctl enable "$service" >/dev/null 2>&1 &&
		systemctl restart "$service" >/dev/null 2>&1
}

verify_nothing_left() {
	for place in "$lib" "$conf" "$conf.new" "$unit" "$unit.new" "$wanted"; do
		if [ -e "$place" ] || [ -L "$place" ]; then
			echo "left=$place"
			return 1
		fi
	done
	systemctl is-active --quiet "$service" && echo "left=$service" && return 1
	echo clean=yes
}

undo() { # Back to what was before the installation.
	take_off
	discard
	if [ -d "$old" ]; then
		put_back && echo clean=yes
	else
		rmdir -- "$lib" 2>/dev/null
		forget_unit
		verify_nothing_left
	fi
}
