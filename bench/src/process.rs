//! What a server's process takes, as Linux tells it.

use std::{fs, time::Duration};

use crate::{Error, target::Target};

/// The process of a server. Without its number nothing is known.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Process(Option<u32>);

impl Process {
    pub(crate) fn of(target: &Target) -> Self {
        Self(target.pid)
    }

    /// For how long its threads have run, in all. The scheduler's own account is finer than the ticks of `stat`.
    pub(crate) fn time(self) -> Result<Option<Duration>, Error> {
        let Some(pid) = self.0 else { return Ok(None) };
        let mut nanos = 0;
        for thread in fs::read_dir(format!("/proc/{pid}/task"))? {
            // A thread that has ended meanwhile did nothing that is measured here.
            let Ok(account) = fs::read_to_string(thread?.path().join("schedstat")) else { continue };
            nanos += account.split(' ').next().unwrap_or_default().parse::<u64>()?;
        }
        Ok(Some(Duration::from_nanos(nanos)))
    }

    /// How much memory it has in use, in bytes.
    pub(crate) fn memory(self) -> Result<Option<f64>, Error> {
        self.status("VmRSS:")
    }

    /// How much it had in use at the most since [`Process::forget_peak`], in bytes.
    pub(crate) fn peak(self) -> Result<Option<f64>, Error> {
        self.status("VmHWM:")
    }

    pub(crate) fn forget_peak(self) -> Result<(), Error> {
        let Some(pid) = self.0 else { return Ok(()) };
        Ok(fs::write(format!("/proc/{pid}/clear_refs"), "5")?)
    }

    fn status(self, name: &str) -> Result<Option<f64>, Error> {
        let Some(pid) = self.0 else { return Ok(None) };
        let status = fs::read_to_string(format!("/proc/{pid}/status"))?;
        let line = status.lines().find_map(|line| line.strip_prefix(name)).ok_or("a line is missing")?;
        Ok(Some(1024.0 * line.trim_end_matches("kB").trim().parse::<f64>()?))
    }
}
