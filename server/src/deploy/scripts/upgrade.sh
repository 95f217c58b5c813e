# File in the directory of uploads: tactus-agent. Secrets and unit stay.
[ -d "$old" ] || { echo "error=there is no agent to upgrade"; exit 1; }
put "$staged/tactus-agent" "$lib/tactus-agent" 755
discard
start_and_wait
proven=yes
echo installed=yes
