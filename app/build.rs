//! Tells the crate under which name the surface's module lies among the files that are served as they are. The name
//! bears the hash of the content, so that browsers may keep it for ever.

use std::{ffi::OsString, fs, io};

const DIRECTORY: &str = "../public/surface";

fn main() -> io::Result<()> {
    println!("cargo::rerun-if-changed={DIRECTORY}");
    let names = fs::read_dir(DIRECTORY)?.map(|entry| entry.map(|entry| entry.file_name()));
    let names = names.collect::<io::Result<Vec<OsString>>>()?;
    let [name] = names.as_slice() else {
        let wrong =
            format!("{DIRECTORY} holds {} files, not one; run `npm run build` in app/surface", names.len());
        return Err(io::Error::other(wrong));
    };
    println!("cargo::rustc-env=SURFACE=/surface/{}", name.to_string_lossy());
    Ok(())
}
