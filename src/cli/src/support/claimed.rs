//! Folders that belong to a process for as long as it lives, however it ends: whoever comes later removes those of dead
//! ones. A lock on the folder says that its owner lives; the system lets go of it when the process ends.

use std::fs::{self, DirBuilder, File, TryLockError};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicU32, Ordering};

/// A folder that only this user can look into; removed when dropped.
#[derive(Debug)]
pub struct ClaimedFolder {
    path: PathBuf,
    /// None where the file system has no locks: then nobody takes the folder for a dead one's, either.
    _lock: Option<File>,
}

impl ClaimedFolder {
    /// Makes a folder in `parent` whose name begins and ends so, and removes those of this user with such names whose
    /// owners are dead.
    pub fn new(parent: &Path, begin: &str, end: &str) -> io::Result<Self> {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        loop {
            let number = COUNT.fetch_add(1, Ordering::Relaxed);
            let path = parent.join(format!("{begin}{}-{number}{end}", process::id()));
            match DirBuilder::new().mode(0o700).create(&path) {
                Ok(()) => {}
                // of a process of another machine, or of a dead one with this number
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
            let lock = match lock(&path) {
                Ok(lock) => Some(lock),
                Err(Obstacle::Taken) => continue, // by one who took it for a dead one's before it was locked
                Err(Obstacle::NoLocks) => None,
            };
            let own = ClaimedFolder { path, _lock: lock };
            own.remove_dead(parent, begin, end)?;
            return Ok(own);
        }
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// What cannot be looked at or removed stays: it harms nobody.
    fn remove_dead(&self, parent: &Path, begin: &str, end: &str) -> io::Result<()> {
        let user = fs::metadata(&self.path)?.uid();
        let Ok(entries) = fs::read_dir(parent) else { return Ok(()) };
        for path in entries.filter_map(|entry| entry.ok().map(|entry| entry.path())) {
            let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
            let is_alike = name.len() > begin.len() + end.len() && name.starts_with(begin) && name.ends_with(end);
            let is_own = |data: fs::Metadata| data.is_dir() && data.uid() == user;
            if path == self.path || !is_alike || !fs::symlink_metadata(&path).is_ok_and(is_own) {
                continue;
            }
            if let Ok(_lock) = lock(&path) {
                log::info!("removed '{}', which a process that was killed has left", path.display());
                let _ = fs::remove_dir_all(&path);
            }
        }
        Ok(())
    }
}

impl Drop for ClaimedFolder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.path);
    }
}

/// Why a folder cannot be locked.
enum Obstacle {
    /// Its owner lives, or somebody removes it.
    Taken,
    /// The file system does not know how.
    NoLocks,
}

fn lock(path: &Path) -> Result<File, Obstacle> {
    let folder = File::open(path).map_err(|error| match error.kind() {
        io::ErrorKind::NotFound => Obstacle::Taken,
        _ => Obstacle::NoLocks,
    })?;
    folder.try_lock().map_err(|error| match error {
        TryLockError::WouldBlock => Obstacle::Taken,
        TryLockError::Error(_) => Obstacle::NoLocks,
    })?;
    // it may have been removed while it was opened
    let number = |data: io::Result<fs::Metadata>| data.map(|data| (data.dev(), data.ino())).ok();
    let is_it = number(fs::symlink_metadata(path)) == number(folder.metadata());
    if is_it { Ok(folder) } else { Err(Obstacle::Taken) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::os::unix::fs::PermissionsExt;
    use std::thread;

    fn folders(parent: &Path) -> usize {
        fs::read_dir(parent).expect("a folder").count()
    }

    #[test]
    fn a_folder_is_for_its_user_alone_and_goes() {
        let parent = tempfile::tempdir().expect("a folder");
        let one = ClaimedFolder::new(parent.path(), "a-", ".b").expect("made");
        let two = ClaimedFolder::new(parent.path(), "a-", ".b").expect("made");
        assert_eq!(fs::metadata(one.path()).expect("there").permissions().mode() & 0o777, 0o700);
        assert_eq!(folders(parent.path()), 2);
        drop((one, two));
        assert_eq!(folders(parent.path()), 0);
    }

    #[test]
    fn only_what_dead_ones_left_is_removed() {
        let parent = tempfile::tempdir().expect("a folder");
        let at = |name: &str| parent.path().join(name);
        fs::create_dir_all(at("a-1-1.b").join("deep")).expect("made");
        fs::write(at("a-1-1.b").join("deep/x"), "data").expect("written");
        fs::create_dir(at("a-1-1.c")).expect("made");
        fs::write(at("a-2-1.b"), "a file").expect("written");
        let living = ClaimedFolder::new(parent.path(), "a-", ".b").expect("made");
        assert!(!at("a-1-1.b").exists() && at("a-1-1.c").exists() && at("a-2-1.b").exists());
        let other = ClaimedFolder::new(parent.path(), "a-", ".b").expect("made");
        assert!(living.path().exists() && other.path().exists());
    }

    #[test]
    fn many_at_a_time() {
        let parent = tempfile::tempdir().expect("a folder");
        let make = || {
            for _ in 0..50 {
                let folder = ClaimedFolder::new(parent.path(), "a-", ".b").expect("made");
                fs::write(folder.path().join("x"), "data").expect("it is there");
            }
        };
        thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(make);
            }
        });
        assert_eq!(folders(parent.path()), 0);
    }
}
