//! Makes cargo embed new migrations.

fn main() {
    println!("cargo:rerun-if-changed=migrations");
}
