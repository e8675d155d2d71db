//! A desk to work at: a scratch folder with feeds and an index, the program, and what it said.

use std::{
    ffi::OsStr,
    fs,
    io::Write,
    path::{Path, PathBuf},
    process::{Command, Output, Stdio},
};

/// A scratch folder of its own; gone when it is dropped.
pub(crate) struct Desk {
    folder: tempfile::TempDir,
    environment: Vec<(String, String)>,
}

impl Desk {
    /// An empty desk, with a home of its own.
    pub(crate) fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        for name in ["home", "feeds"] {
            fs::create_dir(folder.path().join(name)).unwrap();
        }
        Self {
            folder,
            environment: Vec::new(),
        }
    }

    /// A desk with the plain-text samples indexed.
    pub(crate) fn with_samples() -> Self {
        let desk = Self::new();
        let samples = project().join("sample_wire/plain-text");
        desk.run(["index", samples.to_str().unwrap()]).succeeds();
        desk
    }

    /// A path on the desk.
    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.folder.path().join(name)
    }

    /// Puts a file on the desk.
    pub(crate) fn write(&self, name: &str, content: impl AsRef<[u8]>) -> PathBuf {
        let path = self.path(name);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, content).unwrap();
        path
    }

    /// The same desk with a variable of the environment for all its runs.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.environment.push((name.to_owned(), value.to_owned()));
        self
    }

    /// The program, its index in the desk's own home, the environment cleaned.
    pub(crate) fn command<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        self.command_of(env!("CARGO_BIN_EXE_wiresearch"), arguments)
    }

    /// Any program, in the same surroundings.
    pub(crate) fn command_of<S: AsRef<OsStr>>(
        &self,
        program: &str,
        arguments: impl IntoIterator<Item = S>,
    ) -> Command {
        let mut command = Command::new(program);
        command
            .env_clear()
            .env("HOME", self.path("home"))
            .env("PATH", std::env::var_os("PATH").unwrap_or_default())
            .env("LANG", "C.UTF-8")
            .env("TZ", "UTC")
            .envs(self.environment.iter().map(|(n, v)| (n, v)))
            .current_dir(self.folder.path())
            .args(arguments);
        command
    }

    /// Runs the program without input.
    pub(crate) fn run<S: AsRef<OsStr>>(&self, arguments: impl IntoIterator<Item = S>) -> Said {
        let mut command = self.command(arguments);
        let output = command.stdin(Stdio::null()).output().unwrap();
        Said::of(&command, output)
    }

    /// Runs the program with an input.
    pub(crate) fn run_with<S: AsRef<OsStr>>(
        &self,
        arguments: impl IntoIterator<Item = S>,
        input: &str,
    ) -> Said {
        let mut command = self.command(arguments);
        let mut child = command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut stdin = child.stdin.take().unwrap();
        let input = input.to_owned();
        let writer = std::thread::spawn(move || stdin.write_all(input.as_bytes()));
        let output = child.wait_with_output().unwrap();
        writer.join().unwrap().unwrap();
        Said::of(&command, output)
    }
}

/// What the program said.
#[derive(Debug)]
pub(crate) struct Said {
    command: String,
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

impl Said {
    pub(crate) fn of(command: &Command, output: Output) -> Self {
        Self {
            command: format!("{command:?}"),
            code: output.status.code(),
            stdout: String::from_utf8(output.stdout).unwrap(),
            stderr: String::from_utf8(output.stderr).unwrap(),
        }
    }

    pub(crate) fn stdout(&self) -> &str {
        &self.stdout
    }

    pub(crate) fn code(&self) -> Option<i32> {
        self.code
    }

    pub(crate) fn stderr(&self) -> &str {
        &self.stderr
    }

    /// Ends with this exit code.
    #[track_caller]
    pub(crate) fn exits(&self, code: i32) -> &Self {
        self.check(self.code == Some(code), &format!("exit code {code}"))
    }

    /// Ends well and complains of nothing.
    #[track_caller]
    pub(crate) fn succeeds(&self) -> &Self {
        self.exits(0)
            .check(self.stderr.is_empty(), "nothing on standard error")
    }

    /// Has this text on standard output.
    #[track_caller]
    pub(crate) fn prints(&self, text: &str) -> &Self {
        self.check(
            self.stdout.contains(text),
            &format!("{text:?} on standard output"),
        )
    }

    /// Has this text on standard error.
    #[track_caller]
    pub(crate) fn complains(&self, text: &str) -> &Self {
        self.check(
            self.stderr.contains(text),
            &format!("{text:?} on standard error"),
        )
    }

    /// Has nothing on standard output.
    #[track_caller]
    pub(crate) fn prints_nothing(&self) -> &Self {
        self.check(self.stdout.is_empty(), "nothing on standard output")
    }

    /// Standard output as one JSON value.
    #[track_caller]
    pub(crate) fn json(&self) -> serde_json::Value {
        match serde_json::from_str(&self.stdout) {
            Ok(value) => value,
            Err(e) => panic!("expected JSON ({e}){self}"),
        }
    }

    /// Standard output as one JSON value a line.
    #[track_caller]
    pub(crate) fn json_lines(&self) -> Vec<serde_json::Value> {
        let value = |line| match serde_json::from_str(line) {
            Ok(value) => value,
            Err(e) => panic!("expected JSON lines ({e}){self}"),
        };
        self.stdout.lines().map(value).collect()
    }

    #[track_caller]
    fn check(&self, holds: bool, expected: &str) -> &Self {
        assert!(holds, "expected {expected}{self}");
        self
    }
}

impl std::fmt::Display for Said {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            f,
            "\n$ {}\nexit code: {:?}\n--- stdout\n{}--- stderr\n{}---",
            self.command, self.code, self.stdout, self.stderr
        )
    }
}

/// The folder of the project.
pub(crate) fn project() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// Compares with a file below `tests/expected`. With `WIRESEARCH_BLESS` set, the file is written instead.
#[track_caller]
pub(crate) fn is_as_expected(name: &str, found: &str) {
    let path = project().join("tests/expected").join(name);
    if std::env::var_os("WIRESEARCH_BLESS").is_some() {
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(&path, found).unwrap();
        return;
    }
    let expected = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        expected == found,
        "{} differs; run the test with WIRESEARCH_BLESS=1 and look at the change\n--- expected\n{expected}--- found\n{found}---",
        path.display()
    );
}
