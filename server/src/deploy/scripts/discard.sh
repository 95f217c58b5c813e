# As the login user, before anything was installed. Input: directory of uploads.
IFS= read -r staged
exec </dev/null
case $staged in
*/.tactus-upload-* | */tactus-upload-*) rm -rf -- "$staged" ;;
esac
[ -e "$staged" ] || echo clean=yes
