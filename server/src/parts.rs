//! The files into which a release build splits what runs in the browser.

use std::{fs, path::Path, sync::Arc};

use app::ports::Parts;
use leptos::config::LeptosOptions;

/// Looks at what the build has left. A build that is not split has none of them.
pub(crate) fn find(leptos: &LeptosOptions) -> Parts {
    let directory = Path::new(&*leptos.site_root).join(&*leptos.site_pkg_dir);
    let files = fs::read_dir(directory).into_iter().flatten().flatten();
    let names: Vec<_> = files.filter_map(|file| file.file_name().into_string().ok()).collect();
    let find = |start: &str, end: &str| -> Option<Arc<str>> {
        let name = names.iter().find(|name| name.starts_with(start) && name.ends_with(end))?;
        Some(format!("/{}/{name}", leptos.site_pkg_dir).into())
    };
    Parts { loader: find("__wasm_split.", ".js"), markdown: find("split_markdown.", ".wasm") }
}
