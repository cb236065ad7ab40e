//! The style sheet that every page carries along.

use std::{env, fs, path::Path};

use app::ports::StyleSheet;
use leptos::config::LeptosOptions;

/// Reads what the build has left. While `cargo leptos watch` serves the pages there is none, so that a style that
/// changes can be loaded by itself.
pub(crate) fn read(leptos: &LeptosOptions) -> Option<StyleSheet> {
    if env::var_os("LEPTOS_WATCH").is_some() {
        return None;
    }
    let hash = if leptos.hash_files { format!(".{}", hash(leptos)?) } else { String::new() };
    let file = format!("{}/{}{hash}.css", leptos.site_pkg_dir, leptos.output_name);
    let css = fs::read_to_string(Path::new(&*leptos.site_root).join(file)).ok()?;
    Some(StyleSheet(css.into()))
}

/// What the file's name bears, as the file beside the program says.
fn hash(leptos: &LeptosOptions) -> Option<String> {
    let file = env::current_exe().ok()?.with_file_name(&*leptos.hash_file);
    let hashes = fs::read_to_string(file).ok()?;
    hashes.lines().find_map(|line| line.trim().strip_prefix("css:")).map(|hash| hash.trim().to_owned())
}
