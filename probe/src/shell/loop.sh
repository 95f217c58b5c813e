# Prints texts of /proc and /sys whenever it is asked to, and changes nothing. It is asked by lines on the standard input and ends with
# them, so that nothing is left when the connection goes away. Each line of output begins with the name of its file: one process (grep)
# reads them all. A line of input is "fast", "slow" or "facts"; each says all that the one before it says, and more.
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
exec 2>/dev/null
say() { # NAME VALUE: like a line of a file of that name.
	printf '@%s:%s\n' "$1" "$2"
}
cd /proc || exit 1
echo @begin:
while IFS= read -r asked; do
	grep '' /proc/uptime /proc/stat /proc/meminfo /proc/loadavg /proc/net/dev /proc/net/sockstat /proc/net/sockstat6 /proc/diskstats \
		/proc/pressure/cpu /proc/pressure/memory /proc/pressure/io
	case $asked in
	slow | facts)
		grep '' [0-9]*/stat
		grep '' /proc/self/mountinfo /proc/sys/kernel/hostname /sys/class/hwmon/hwmon*/name /sys/class/hwmon/hwmon*/temp*_input \
			/sys/class/hwmon/hwmon*/temp*_label /sys/class/thermal/thermal_zone*/type /sys/class/thermal/thermal_zone*/temp
		;;
	esac
	case $asked in
	facts)
		grep '' /etc/os-release /usr/lib/os-release /proc/sys/kernel/osrelease /proc/cpuinfo
		say machine "$(uname -m)"
		say ticks "$(getconf CLK_TCK)"
		say page "$(getconf PAGESIZE)"
		say shell "$$"
		say board "$(tr -d '\000' </sys/firmware/devicetree/base/model)"
		;;
	esac
	echo @end:
done
