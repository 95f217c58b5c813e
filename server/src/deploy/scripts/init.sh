# What starts services on this host, and the agent's places there.
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
run=/run
[ -d "$run" ] || run=/var/run
lib=/usr/local/lib/tactus
conf=/etc/tactus-agent
timetable=/etc/cron.d/tactus-agent
if [ -d /run/systemd/system ]; then
	init=systemd
	unit=/etc/systemd/system/tactus-agent.service
elif [ -d /run/openrc ] && command -v openrc-run >/dev/null 2>&1; then
	init=openrc
	unit=/etc/init.d/tactus-agent
elif [ -d /etc/init.d ] && { command -v update-rc.d || command -v chkconfig; } >/dev/null 2>&1; then
	init=sysv
	unit=/etc/init.d/tactus-agent
elif [ -d /etc/cron.d ]; then
	init=cron
	unit=$lib/service
else
	init=$(cat /proc/1/comm 2>/dev/null)
	unit=/etc/systemd/system/tactus-agent.service
fi
