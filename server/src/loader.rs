//! What a release build's program in the browser is loaded with, since that is more than one file.

use std::{fs, path::Path};

use app::ports::Loader;
use leptos::config::LeptosOptions;

/// Looks at what the build has left. A build that is not split has none.
pub(crate) fn find(leptos: &LeptosOptions) -> Option<Loader> {
    let directory = Path::new(&*leptos.site_root).join(&*leptos.site_pkg_dir);
    let mut files = fs::read_dir(directory).ok()?.flatten();
    let name = files.find_map(|file| {
        let name = file.file_name().into_string().ok()?;
        (name.starts_with("__wasm_split.") && name.ends_with(".js")).then_some(name)
    })?;
    Some(Loader(format!("/{}/{name}", leptos.site_pkg_dir).into()))
}
