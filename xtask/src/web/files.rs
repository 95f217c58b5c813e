//! Style sheet, chart library and static files of the page.

use super::Kind;
use crate::process::run;
use crate::step::step;
use crate::toolchain::ensure_packages;
use crate::workspace::{Workspace, files_below, is_newer, write_if_changed};
use anyhow::{Context, Result, anyhow};
use grass::{Options, OutputStyle};
use std::fs;
use std::process::Command;

/// `style/main.scss` to `target/site/pkg/tactus.css`.
pub fn write_style(workspace: &Workspace, kind: Kind) -> Result<()> {
    let style = if kind == Kind::Release { OutputStyle::Compressed } else { OutputStyle::Expanded };
    let sheet =
        grass::from_path(workspace.path("style/main.scss"), &Options::default().style(style)).map_err(|error| anyhow!("{error}"))?;
    write_if_changed(&workspace.site().join("pkg/tactus.css"), sheet.as_bytes())
}

/// `public/` to the root of the site.
pub fn copy_public(workspace: &Workspace) -> Result<()> {
    let public = workspace.path("public");
    for file in files_below(&public)? {
        let content = fs::read(&file).with_context(|| format!("cannot read {}", file.display()))?;
        write_if_changed(&workspace.site().join(file.strip_prefix(&public)?), &content)?;
    }
    Ok(())
}

/// The used parts of ECharts as two scripts, `target/site/vendor/echarts.js` and, for pictures that are saved, `echarts-svg.js`; and the thread
/// that draws the wall's figures, `painter.js`.
pub fn bundle_charts(workspace: &Workspace) -> Result<()> {
    let folder = workspace.path("app/js");
    let vendor = workspace.site().join("vendor");
    let inputs = ["package.json", "package-lock.json", "echarts.js", "echarts-svg.js", "painter.js"].map(|name| folder.join(name));
    // The binding's JavaScript is made small by one of these packages, too.
    ensure_packages(&folder)?;
    if ["echarts.js", "echarts-svg.js", "painter.js"].iter().all(|bundle| is_newer(&vendor.join(bundle), &inputs)) {
        return Ok(());
    }
    step("page: chart library", || {
        run(Command::new("npm").args(["run", "--silent", "build", "--", "--log-level=warning"]).env("OUTDIR", &vendor).current_dir(&folder))
    })
}
