//! Output files get their name only when they are complete: written beside it under another name, then renamed.

use super::error::{Error, Result};
use std::fs::{self, File};
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};
use std::process;

/// A file in the making; removed when dropped before `commit`.
#[derive(Debug)]
pub struct PendingFile {
    target: PathBuf,
    temporary: PathBuf,
    force: bool,
    committed: bool,
}

impl PendingFile {
    /// Checks that `target` may be written while `inputs` are read.
    pub fn new(target: &Path, inputs: &[&Path], force: bool) -> Result<Self> {
        for input in inputs {
            if is_same_file(target, input) {
                return Err(Error::BadArgument(format!(
                    "'{}' is the input itself: name another output",
                    target.display()
                )));
            }
        }
        if target.is_dir() {
            return Err(Error::BadArgument(format!("'{}' is a directory: name a file", target.display())));
        }
        let pending =
            PendingFile { target: target.to_owned(), temporary: temporary_beside(target)?, force, committed: false };
        pending.refuse_existing()?;
        Ok(pending)
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
    pub fn commit(mut self) -> Result<()> {
        let sync = |path: &Path| File::open(path).and_then(|file| file.sync_all());
        sync(&self.temporary).map_err(|error| Error::io("write", &self.temporary, &error))?;
        self.refuse_existing()?;
        fs::rename(&self.temporary, &self.target).map_err(|error| Error::io("write", &self.target, &error))?;
        self.committed = true;
        if let Some(folder) = self.temporary.parent() {
            // some file systems cannot sync a folder; the file itself is safe already
            let _ = sync(folder);
        }
        Ok(())
    }

    fn refuse_existing(&self) -> Result<()> {
        if !self.force && self.target.symlink_metadata().is_ok() {
            return Err(Error::BadArgument(format!(
                "'{}' exists: name another output, or add --force to replace it",
                self.target.display()
            )));
        }
        Ok(())
    }
}

impl Drop for PendingFile {
    fn drop(&mut self) {
        if !self.committed {
            let _ = fs::remove_file(&self.temporary);
        }
    }
}

fn is_same_file(one: &Path, other: &Path) -> bool {
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(a), Ok(b)) => a.dev() == b.dev() && a.ino() == b.ino(),
        _ => false,
    }
}

fn temporary_beside(target: &Path) -> Result<PathBuf> {
    let name =
        target.file_name().ok_or_else(|| Error::BadArgument(format!("'{}' is no file name", target.display())))?;
    let folder = target.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."));
    if !folder.is_dir() {
        return Err(Error::Io(format!("the folder '{}' does not exist: create it first", folder.display())));
    }
    // ends as a ROOT file does, for ROOT looks at names
    let hidden = format!(".{}.{}.part.root", name.to_string_lossy(), process::id());
    Ok(folder.join(hidden))
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
