//! The command line of wiresearch.

mod cli;

/// A first index takes and returns memory in several threads all the time; the allocator of the C library spends more
/// time on that, and keeps more for itself.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;

fn main() -> std::process::ExitCode {
    cli::main()
}
