# Answers the space of file systems whose mount points come as lines on the standard input, one answer a line. A file system whose server
# is dead never answers, so this runs apart from the loop that reads /proc. The answer's numbers are those of statvfs: size of a block,
# blocks, free ones, free ones for users, inodes, free ones; where stat cannot tell, df's kilobytes: size, used, free for users.
LC_ALL=C
PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin
export LC_ALL PATH
exec 2>/dev/null
echo @begin:
while IFS= read -r point; do
	if said=$(stat -f -c '%S %b %f %a %c %d' -- "$point") && [ "$said" ]; then
		printf '@space:%s\n' "$said"
	elif said=$(df -Pk "$point" | sed -n '$s/^.* \([0-9][0-9]*\)  *\([0-9][0-9]*\)  *\([0-9-][0-9]*\)  *[0-9-]*%* .*/\1 \2 \3/p') && [ "$said" ]; then
		printf '@kilobytes:%s\n' "$said"
	else
		echo @none:
	fi
done
