# Files in the directory of uploads: tactus-agent, unit, certificate.pem, key.pem, token-sha256.
put "$staged/tactus-agent" "$lib/tactus-agent" 755
at=$conf
mkdir -p -- "$conf" && chmod 700 "$conf" || exit 1
for name in certificate.pem key.pem token-sha256; do
	put "$staged/$name" "$conf/$name" 600
done
mode=755
[ "$init" != systemd ] || mode=644
put "$staged/unit" "$unit" $mode
discard
start_and_wait
proven=yes
echo installed=yes
