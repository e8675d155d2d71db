//! The command line of wiresearch.

mod cli;

fn main() -> std::process::ExitCode {
    cli::main()
}
