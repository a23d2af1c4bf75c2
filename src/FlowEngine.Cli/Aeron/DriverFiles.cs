using System.CommandLine;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Aeron;

/// <summary>Opens the files of a media driver for reading, alive or not.</summary>
internal static class DriverFiles
{
    /// <summary>The option that names the directory.</summary>
    public static Option<string?> DirectoryOption() => AeronOptionSet.Directory(
        "Directory of the media driver [default: $AERON_DIR or /dev/shm/aeron-USER]");

    /// <summary>The directory of a command line.</summary>
    public static string DirectoryOf(CommandContext context, Option<string?> option) =>
        context.Get(option) ?? AeronContext.DefaultDirectory;

    /// <summary>Opens the CnC file.</summary>
    /// <exception cref="UserError">There is none, or it is none of ours.</exception>
    public static CncFile OpenCnc(string directory)
    {
        try
        {
            return CncFile.TryOpen(directory, readOnly: true, out var reason) ?? throw Missing(directory, reason);
        }
        catch (InvalidDataException exception)
        {
            throw new UserError(
                $"{exception.Message}: it was written by another version of Aeron; give another --dir",
                cause: exception);
        }
    }

    /// <summary>What to say where the files of a driver should be.</summary>
    public static UserError Missing(string directory, string reason) => new(
        $"no files of a media driver in {directory}: {CncFile.FileName} is {reason}; give the --dir of one");
}
