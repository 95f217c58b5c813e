# What install, upgrade, undo, commit and remove share: the places of an agent on a host, and how its service is spoken to.
umask 077
trap '' PIPE
wanted=/etc/systemd/system/multi-user.target.wants/tactus-agent.service
# The installation that was there before; present only while a new one is not yet proven.
old=$lib/previous
# Present from the first change until the centre has read a sample.
unproven=$lib/unproven

# One action at a time: a script whose connection broke may still be running.
lock() {
	exec 9>"$run/tactus-agent.lock"
	flock -w 20 9 || { echo "error=another action runs on this host"; exit 1; }
}

unlock() {
	rm -f "$run/tactus-agent.lock"
}

discard() { # Deletes the directory of uploads, whose name only the centre makes.
	case $staged in
	*/.tactus-upload-* | */tactus-upload-*) rm -rf -- "$staged" ;;
	esac
}

service() { # ACTION. The lock is not the service's.
	case $init in
	systemd) systemctl "$1" tactus-agent.service ;;
	openrc) rc-service tactus-agent "$1" ;;
	*) "$unit" "$1" ;;
	esac >/dev/null 2>&1 9>&-
}

read_again() {
	[ "$init" != systemd ] || systemctl daemon-reload >/dev/null 2>&1
}

enable() { # Also after the host has started again.
	case $init in
	systemd) systemctl enable tactus-agent.service ;;
	openrc) rc-update add tactus-agent default ;;
	sysv) update-rc.d tactus-agent defaults || chkconfig --add tactus-agent ;;
	*) printf '@reboot root %s start\n' "$unit" >"$timetable" && chmod 644 "$timetable" ;;
	esac >/dev/null 2>&1 9>&-
}

disable() {
	case $init in
	systemd) systemctl disable tactus-agent.service ;;
	openrc) rc-update -a delete tactus-agent ;;
	sysv) update-rc.d -f tactus-agent remove || chkconfig --del tactus-agent ;;
	esac >/dev/null 2>&1 9>&-
	rm -f -- "$timetable"
}

is_running() {
	case $init in
	systemd) systemctl is-active --quiet tactus-agent.service ;;
	*) [ -e "$unit" ] && service status ;;
	esac
}

take_off() { # Everything but $old.
	echo step=stop
	if [ -e "$unit" ] || [ -L "$wanted" ]; then
		service stop
		disable
		# One that is between two tries to start is stopped by this.
		[ "$init" != systemd ] || service stop
	fi
	rm -f -- "$wanted" "$unit" "$unit.new" "$lib/service" "$lib/tactus-agent" "$lib/tactus-agent.new" "$lib/loop.sh" "$lib/space.sh" "$unproven"
	rm -f -- "$run/tactus-agent.log" "$run/tactus-agent.pid"
	rm -rf -- "$conf" "$conf.new" "$old.new"
}

forget_unit() {
	read_again
	[ "$init" != systemd ] || systemctl reset-failed tactus-agent.service >/dev/null 2>&1
}

put_back() {
	mv -f -- "$old/tactus-agent" "$lib/tactus-agent" && mv -f -- "$old/conf" "$conf" && mv -f -- "$old/unit" "$unit" || return 1
	for script in loop.sh space.sh; do
		[ ! -e "$old/$script" ] || mv -f -- "$old/$script" "$lib/$script" || return 1
	done
	rm -rf -- "$old" && read_again
	enable && service restart
}

verify_nothing_left() {
	for place in "$lib" "$conf" "$conf.new" "$unit" "$unit.new" "$wanted" "$timetable"; do
		if [ -e "$place" ] || [ -L "$place" ]; then
			echo "left=$place"
			return 1
		fi
	done
	is_running && echo "left=$unit" && return 1
	echo clean=yes
}

undo() { # Back to what was before the change, once: there is nothing to undo when it is proven or undone.
	discard
	if [ ! -e "$unproven" ]; then
		rm -rf -- "$old.new"
		rmdir -- "$lib" 2>/dev/null
		echo clean=yes
		return
	fi
	take_off
	if [ -d "$old" ]; then
		put_back && echo clean=yes
	else
		rmdir -- "$lib" 2>/dev/null
		forget_unit
		verify_nothing_left
	fi
}
