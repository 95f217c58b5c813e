exec </dev/null
lock
take_off
rm -rf -- "$old"
rmdir -- "$lib" 2>/dev/null
forget_unit
verify_nothing_left
unlock
