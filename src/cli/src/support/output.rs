//! Output files get their name only when they are complete: written in a hidden folder beside it, then renamed.

use super::claimed::ClaimedFolder;
use super::error::{Error, Result};
use std::fs::{self, File};
use std::io::ErrorKind;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use tempfile::TempPath;

/// A file in the making; removed when dropped before `commit`.
#[derive(Debug)]
pub struct PendingFile {
    target: PathBuf,
    temporary: PathBuf,
    force: bool,
    folder: ClaimedFolder,
}

impl PendingFile {
    /// Checks that `target` may be written while `inputs` are read: all that can be refused is refused here.
    pub fn new(target: &Path, inputs: &[&Path], force: bool) -> Result<Self> {
        for input in inputs {
            if is_same_file(target, input) {
                return Err(Error::BadArgument(format!(
                    "'{}' is the input itself: name another output",
                    target.display()
                )));
            }
        }
        // a device or a pipe would be replaced by a file
        if fs::metadata(target).is_ok_and(|data| !data.is_file()) {
            let what = if target.is_dir() { "a directory" } else { "no ordinary file" };
            return Err(Error::BadArgument(format!("'{}' is {what}: name a file", target.display())));
        }
        refuse_existing(target, force)?;
        let folder = folder_beside(target)?;
        // not the target's name: ROOT takes some characters in names for something else
        let temporary = folder.path().join("output.root");
        Ok(PendingFile { target: target.to_owned(), temporary, force, folder })
    }

    /// Fails if the disk has less room than the file needs at least.
    pub fn require_room(&self, bytes: u64) -> Result<()> {
        let free = room(self.folder.path()).map_err(|error| Error::io("write", &self.target, &error))?;
        if free >= bytes {
            return Ok(());
        }
        Err(Error::Io(format!(
            "cannot write '{}': it needs {bytes} bytes at least, and {free} are free: make room, or name a file on \
             another disk",
            self.target.display()
        )))
    }

    /// Does what writes the file; whatever error comes of it names the file by its own name.
    pub fn write<T>(&self, work: impl FnOnce(&Path) -> Result<T>) -> Result<T> {
        work(&self.temporary).map_err(|error| error.reworded(|text| self.named(text)))
    }

    /// A text in which the file has the name that it will have.
    pub fn named(&self, text: &str) -> String {
        text.replace(&*self.temporary.to_string_lossy(), &self.target.to_string_lossy())
    }

    /// Brings the bytes to the disk and gives the file its name.
    pub fn commit(self) -> Result<()> {
        let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
        sync(&self.temporary).map_err(|error| Error::io("write", &self.target, &error))?;
        self.give_name()?;
        if let Some(folder) = self.folder.path().parent() {
            // some file systems cannot sync a folder; the file itself is safe already
            let _ = sync(folder);
        }
        Ok(())
    }

    fn give_name(&self) -> Result<()> {
        if !self.force {
            let file =
                TempPath::try_from_path(&self.temporary).map_err(|error| Error::io("write", &self.target, &error))?;
            match file.persist_noclobber(&self.target) {
                Ok(()) => return Ok(()),
                Err(failed) if failed.error.kind() == ErrorKind::AlreadyExists => return Err(exists(&self.target)),
                // the file system can only rename
                Err(failed) => failed.path.keep().map_err(|kept| Error::io("write", &self.target, &kept.error))?,
            };
            refuse_existing(&self.target, false)?;
        }
        fs::rename(&self.temporary, &self.target).map_err(|error| Error::io("write", &self.target, &error))
    }
}

/// Bytes of a file; 0 if that is not known here, as of remote ones.
pub fn size_of(path: &Path) -> u64 {
    fs::metadata(path).map_or(0, |data| data.len())
}

/// Fails unless a folder can be written to.
pub fn require_writable(folder: &Path) -> Result<()> {
    let probe = ClaimedFolder::new(folder, BEGIN, END);
    probe.map(|_| ()).map_err(|error| Error::io("write to", folder, &error))
}

/// What the names of hidden folders begin and end with.
const BEGIN: &str = ".";
const END: &str = ".rootbaler-part";

fn exists(target: &Path) -> Error {
    Error::BadArgument(format!("'{}' exists: name another output, or add --force to replace it", target.display()))
}

fn refuse_existing(target: &Path, force: bool) -> Result<()> {
    if !force && target.symlink_metadata().is_ok() { Err(exists(target)) } else { Ok(()) }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev() && a.ino() == b.ino(),
        _ => false,
    }
}

/// Bytes that this user can still write there.
fn room(folder: &Path) -> std::io::Result<u64> {
    let there = rustix::fs::statvfs(folder)?;
    Ok(there.f_bavail.saturating_mul(there.f_frsize))
}

fn folder_beside(target: &Path) -> Result<ClaimedFolder> {
    if target.file_name().is_none() {
        return Err(Error::BadArgument(format!("'{}' is no file name", target.display())));
    }
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::Io(format!("the folder '{}' does not exist: create it first", folder.display())));
    }
    ClaimedFolder::new(folder, BEGIN, END).map_err(|error| Error::io("create", target, &error))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_dropped_file_leaves_nothing() {
        let dir = tempfile::tempdir().expect("a folder");
        let pending = PendingFile::new(&dir.path().join("a"), &[], false).expect("free");
        fs::write(&pending.temporary, b"x").expect("written");
        drop(pending);
        assert_eq!(fs::read_dir(dir.path()).expect("there").count(), 0);
    }

    #[test]
    fn a_committed_file_is_there_alone() {
        let dir = tempfile::tempdir().expect("a folder");
        for force in [false, true] {
            let target = dir.path().join("a");
            let pending = PendingFile::new(&target, &[], force).expect("free");
            fs::write(&pending.temporary, force.to_string()).expect("written");
            pending.commit().expect("committed");
            assert_eq!(fs::read_to_string(&target).expect("there"), force.to_string());
            assert_eq!(fs::read_dir(dir.path()).expect("there").count(), 1);
        }
    }

    #[test]
    fn an_existing_file_is_kept() {
        let dir = tempfile::tempdir().expect("a folder");
        let target = dir.path().join("a");
        let pending = PendingFile::new(&target, &[], false).expect("free");
        fs::write(&pending.temporary, b"new").expect("written");
        fs::write(&target, b"old").expect("written");
        assert!(matches!(pending.commit(), Err(Error::BadArgument(_))));
        assert_eq!(fs::read(&target).expect("there"), b"old");
        assert!(matches!(PendingFile::new(&target, &[], false), Err(Error::BadArgument(_))));
    }

    #[test]
    fn of_two_that_end_together_one_is_kept() {
        let dir = tempfile::tempdir().expect("a folder");
        for round in 0..50 {
            let target = dir.path().join(round.to_string());
            let make = |text: &'static str| {
                let pending = PendingFile::new(&target, &[], false).expect("free");
                fs::write(&pending.temporary, text).expect("written");
                (pending, text)
            };
            let both = [make("one"), make("two")];
            let barrier = std::sync::Barrier::new(2);
            let commit = |(pending, text): (PendingFile, &'static str)| {
                barrier.wait();
                pending.commit().is_ok().then_some(text)
            };
            let kept: Vec<&str> = std::thread::scope(|scope| {
                let threads = both.map(|one| scope.spawn(|| commit(one)));
                threads.into_iter().filter_map(|thread| thread.join().expect("no panic")).collect()
            });
            assert_eq!(kept, [fs::read_to_string(&target).expect("there")]);
        }
        assert_eq!(fs::read_dir(dir.path()).expect("there").count(), 50);
    }

    #[test]
    fn what_is_no_file_is_not_replaced() {
        let refused = PendingFile::new(Path::new("/dev/null"), &[], true);
        assert!(matches!(refused, Err(Error::BadArgument(_))), "{refused:?}");
    }

    #[test]
    fn a_disk_without_room() {
        let dir = tempfile::tempdir().expect("a folder");
        let pending = PendingFile::new(&dir.path().join("a"), &[], false).expect("free");
        assert!(pending.require_room(1).is_ok());
        assert!(matches!(pending.require_room(u64::MAX), Err(Error::Io(_))));
    }

    #[test]
    fn the_input_is_never_the_output() {
        let dir = tempfile::tempdir().expect("a folder");
        let input = dir.path().join("in");
        fs::write(&input, b"x").expect("written");
        let link = dir.path().join("link");
        fs::hard_link(&input, &link).expect("linked");
        for target in [&input, &link] {
            assert!(matches!(PendingFile::new(target, &[&input], true), Err(Error::BadArgument(_))));
        }
    }

    #[test]
    fn a_folder_that_is_not_there() {
        assert!(matches!(PendingFile::new(Path::new("/no/such/folder/a"), &[], false), Err(Error::Io(_))));
    }
}
