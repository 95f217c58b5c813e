//! How a script reaches a shell: on its standard input, framed by marks.

/// Reads lines up to the mark that begins a script (a password that sudo did not ask for is skipped), reads the script up to the mark
/// that ends it, and only then runs it: a script whose connection broke on the way never runs in part. What comes after the script is
/// still on the standard input then. No line break and no exclamation mark in here, so that every login shell passes it on as it is.
macro_rules! loader {
    () => {
        concat!(
            "sh -c 'n=$(printf \"\\n.\"); n=${n%.}; ",
            "while IFS= read -r l; do case $l in \"#tactus-begin\") break;; esac; done; s=; ",
            "while IFS= read -r l; do case $l in \"#tactus-end\") eval \"$s\"; exit;; esac; s=$s$l$n; done; exit 97'"
        )
    };
}
pub(crate) use loader;

/// Runs the script as whoever is logged in.
pub const AS_LOGIN_USER: &str = loader!();

/// The marks with a script between them.
pub fn framed(script: &str) -> String {
    ["#tactus-begin\n", script, "#tactus-end\n"].concat()
}
