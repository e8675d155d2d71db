//! What is not said on the command line: environment, config file, defaults.

use std::{
    ffi::OsString,
    fmt, fs, io,
    path::{Path, PathBuf},
};

use jiff::tz::TimeZone;
use toml::{Table, Value};
use wiresearch::{Error, ErrorKind, Result, search::Sort, wire::Limits};

use super::size::parse_size;

/// A value and where it comes from.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Setting<T> {
    pub(crate) value: T,
    pub(crate) from: From,
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum From {
    /// A flag.
    Flag(&'static str),
    /// A variable of the environment.
    Environment(&'static str),
    /// The config file.
    File,
    /// Nobody said otherwise.
    Default,
}

impl fmt::Display for From {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Flag(flag) => f.write_str(flag),
            Self::Environment(name) => f.write_str(name),
            Self::File => f.write_str("config file"),
            Self::Default => f.write_str("default"),
        }
    }
}

/// Every setting, resolved.
#[derive(Clone, Debug)]
pub(crate) struct Settings {
    /// The folder of the index; `None` without a home to put it in.
    pub(crate) index: Setting<Option<PathBuf>>,
    /// What `index` without a path reads.
    pub(crate) feeds: Setting<Vec<PathBuf>>,
    /// Order of hits.
    pub(crate) sort: Setting<Sort>,
    /// Where days begin.
    pub(crate) zone: Setting<TimeZone>,
    /// The largest dispatch and file.
    pub(crate) dispatch: Setting<u64>,
    pub(crate) file: Setting<u64>,
    /// What long text goes through on a terminal.
    pub(crate) pager: Setting<Option<String>>,
    /// Where the config file is or would be.
    pub(crate) path: Option<PathBuf>,
    /// Keys in it that mean nothing.
    pub(crate) unknown: Vec<String>,
}

/// Looks a variable of the environment up.
pub(crate) type Environment<'a> = &'a dyn Fn(&str) -> Option<OsString>;

const ZONE: &str = "Europe/Copenhagen";

impl Settings {
    /// Reads the config file, if there is one, and resolves every setting.
    ///
    /// # Errors
    ///
    /// Fails if the file cannot be read, is no TOML, or says something that is not understood.
    pub(crate) fn load(index: Option<&Path>, environment: Environment<'_>) -> Result<Self> {
        let home = absolute(environment, "HOME");
        let below = |variable, fallback: &str| {
            absolute(environment, variable).or_else(|| Some(home.as_ref()?.join(fallback)))
        };
        let path = below("XDG_CONFIG_HOME", ".config").map(|d| d.join("wiresearch/config.toml"));
        let mut file = ConfigFile::read(path, home.clone())?;

        let data = below("XDG_DATA_HOME", ".local/share").map(|d| d.join("wiresearch"));
        let variable = environment("WIRESEARCH_INDEX").filter(|v| !v.is_empty());
        let written = file.take("index", "a path", path_of)?;
        let index = match (index, variable, written) {
            (Some(dir), ..) => found(Some(dir.to_owned()), From::Flag("--index")),
            (_, Some(dir), _) => found(Some(dir.into()), From::Environment("WIRESEARCH_INDEX")),
            (.., Some(dir)) => found(Some(file.resolve(&dir)), From::File),
            _ => found(data, From::Default),
        };
        let feeds = file.take("feeds", "a list of paths", paths_of)?;
        let feeds = feeds.map(|f| f.iter().map(|p| file.resolve(p)).collect());
        let variable = environment("PAGER").and_then(|p| p.into_string().ok());
        let pager = match (file.take("pager", "a command", text_of)?, variable) {
            (Some(pager), _) => found(Some(pager), From::File),
            (_, Some(pager)) => found(Some(pager), From::Environment("PAGER")),
            _ => found(None, From::Default),
        };
        let limits = Limits::default();
        let size = "a size such as \"16 MB\"";
        Ok(Self {
            index,
            feeds: or_default(feeds, Vec::new()),
            sort: or_default(
                file.take("sort", "relevance, newest or oldest", sort_of)?,
                Sort::default(),
            ),
            zone: or_default(
                file.take(
                    "timezone",
                    "a time zone such as \"Europe/Copenhagen\"",
                    zone_of,
                )?,
                TimeZone::get(ZONE).unwrap_or(TimeZone::UTC),
            ),
            dispatch: or_default(
                file.take("limits.dispatch", size, size_of)?,
                limits.dispatch,
            ),
            file: or_default(file.take("limits.file", size, size_of)?, limits.file),
            pager,
            unknown: file.left_over(),
            path: file.path,
        })
    }

    /// How much of a feed file is read.
    pub(crate) fn limits(&self) -> Limits {
        Limits {
            dispatch: self.dispatch.value,
            file: self.file.value,
        }
    }
}

fn found<T>(value: T, from: From) -> Setting<T> {
    Setting { value, from }
}

fn or_default<T>(written: Option<T>, default: T) -> Setting<T> {
    match written {
        Some(value) => found(value, From::File),
        None => found(default, From::Default),
    }
}

/// A folder that a variable names; a relative one is to be ignored (XDG Base Directory Specification).
fn absolute(environment: Environment<'_>, name: &str) -> Option<PathBuf> {
    let path = PathBuf::from(environment(name)?);
    path.is_absolute().then_some(path)
}

/// The config file, whose keys are taken out one by one.
struct ConfigFile {
    path: Option<PathBuf>,
    home: Option<PathBuf>,
    table: Table,
}

impl ConfigFile {
    fn read(path: Option<PathBuf>, home: Option<PathBuf>) -> Result<Self> {
        let text = match path.as_deref().map(fs::read_to_string) {
            None => String::new(),
            Some(Ok(text)) => text,
            Some(Err(e)) if e.kind() == io::ErrorKind::NotFound => String::new(),
            Some(Err(e)) => {
                let path = path.unwrap_or_default();
                return Err(Error::io(format!("cannot read {}", path.display()), e));
            }
        };
        let table = text.parse::<Table>().map_err(|e: toml::de::Error| {
            let line = e
                .span()
                .map_or(1, |s| 1 + text[..s.start].matches('\n').count());
            let path = path.as_deref().unwrap_or(Path::new("config.toml"));
            let message = e.message().lines().next().unwrap_or_default();
            Error::new(
                ErrorKind::Io,
                format!("{}, line {line}: {message}", path.display()),
            )
        })?;
        Ok(Self { path, home, table })
    }

    /// Takes a key out; `table.key` for a key of a table.
    fn take<T>(
        &mut self,
        key: &str,
        expected: &str,
        read: impl FnOnce(&Value) -> Option<T>,
    ) -> Result<Option<T>> {
        let value = match key.split_once('.') {
            None => self.table.remove(key),
            Some((table, key)) => match self.table.get_mut(table) {
                Some(Value::Table(table)) => table.remove(key),
                _ => None,
            },
        };
        let Some(value) = value else { return Ok(None) };
        match read(&value) {
            Some(value) => Ok(Some(value)),
            None => {
                let path = self.path.as_deref().unwrap_or(Path::new("config.toml"));
                Err(Error::new(
                    ErrorKind::Io,
                    format!("{}: {key} is {value}, expected {expected}", path.display()),
                ))
            }
        }
    }

    /// The keys that nobody took.
    fn left_over(&self) -> Vec<String> {
        let mut keys = Vec::new();
        for (key, value) in &self.table {
            match value {
                Value::Table(table) if key == "limits" => {
                    keys.extend(table.keys().map(|k| format!("{key}.{k}")));
                }
                _ => keys.push(key.clone()),
            }
        }
        keys
    }

    /// A path as the config file means it: `~` is the home, others count from the folder of the file.
    fn resolve(&self, written: &Path) -> PathBuf {
        if let (Ok(below), Some(home)) = (written.strip_prefix("~"), &self.home) {
            return home.join(below);
        }
        match self.path.as_deref().and_then(Path::parent) {
            Some(folder) => folder.join(written),
            None => written.to_owned(),
        }
    }
}

fn text_of(value: &Value) -> Option<String> {
    value.as_str().map(str::to_owned)
}

fn path_of(value: &Value) -> Option<PathBuf> {
    value.as_str().filter(|p| !p.is_empty()).map(PathBuf::from)
}

fn paths_of(value: &Value) -> Option<Vec<PathBuf>> {
    value.as_array()?.iter().map(path_of).collect()
}

fn size_of(value: &Value) -> Option<u64> {
    match value {
        Value::String(text) => parse_size(text),
        value => value.as_integer()?.try_into().ok(),
    }
}

fn zone_of(value: &Value) -> Option<TimeZone> {
    TimeZone::get(value.as_str()?).ok()
}

fn sort_of(value: &Value) -> Option<Sort> {
    match value.as_str()? {
        "relevance" => Some(Sort::Relevance),
        "newest" => Some(Sort::Newest),
        "oldest" => Some(Sort::Oldest),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(config: &str, flag: Option<&str>, variable: Option<&str>) -> Result<Settings> {
        let home = tempfile::tempdir().unwrap();
        let folder = home.path().join(".config/wiresearch");
        fs::create_dir_all(&folder).unwrap();
        fs::write(folder.join("config.toml"), config).unwrap();
        let environment = |name: &str| match name {
            "HOME" => Some(home.path().into()),
            "WIRESEARCH_INDEX" => variable.map(Into::into),
            "PAGER" => Some("less".into()),
            _ => None,
        };
        Settings::load(flag.map(Path::new), &environment)
    }

    fn complaint(config: &str) -> String {
        let e = load(config, None, None).unwrap_err().to_string();
        e.split_once("config.toml").unwrap().1.to_owned()
    }

    #[test]
    fn a_flag_comes_before_the_environment_before_the_file_before_the_default() {
        let from = |config, flag, variable| load(config, flag, variable).unwrap().index.from;
        let config = "index = \"/a\"";
        let variable = From::Environment("WIRESEARCH_INDEX");
        assert_eq!(from(config, Some("/c"), Some("/b")), From::Flag("--index"));
        assert_eq!(from(config, None, Some("/b")), variable);
        assert_eq!(from(config, None, Some("")), From::File);
        assert_eq!(from("", None, None), From::Default);
        let index = load("", None, None).unwrap().index.value.unwrap();
        assert!(index.ends_with(".local/share/wiresearch"));
    }

    #[test]
    fn every_key_is_read() {
        let settings = load(
            "index = \"~/archive\"\nfeeds = [\"/srv/a\", \"b\"]\nsort = \"newest\"\n\
             timezone = \"UTC\"\npager = \"more\"\n[limits]\ndispatch = \"1 MB\"\nfile = 7\n",
            None,
            None,
        )
        .unwrap();
        assert!(settings.index.value.unwrap().ends_with("archive"));
        assert_eq!(settings.feeds.value[0], Path::new("/srv/a"));
        assert!(settings.feeds.value[1].ends_with(".config/wiresearch/b"));
        assert_eq!(settings.sort.value, Sort::Newest);
        assert_eq!(settings.zone.value, TimeZone::UTC);
        assert_eq!(settings.pager.value.as_deref(), Some("more"));
        assert_eq!((settings.dispatch.value, settings.file.value), (1 << 20, 7));
        assert!(settings.unknown.is_empty());
    }

    #[test]
    fn unknown_keys_are_named_and_wrong_values_refused() {
        let unknown = load("indx = 1\n[limits]\nfiles = 1\n[x]\ny = 1", None, None);
        assert_eq!(unknown.unwrap().unknown, ["indx", "limits.files", "x"]);
        assert_eq!(
            complaint("sort = \"best\""),
            ": sort is \"best\", expected relevance, newest or oldest"
        );
        assert!(complaint("\nindex = ").starts_with(", line 2: "));
        assert!(complaint("timezone = \"Danmark\"").contains("expected a time zone"));
    }
}
