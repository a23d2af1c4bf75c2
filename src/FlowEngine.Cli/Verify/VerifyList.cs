using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Verify;

/// <summary>
/// The files that a user named, folders walked. What is no capture is passed over with a word why and ends nothing.
/// </summary>
internal sealed class VerifyList
{
    private readonly Func<string, FileReader> _open;

    /// <summary>The files of these paths, in order of name within a folder.</summary>
    /// <exception cref="UserError">A folder is empty.</exception>
    public VerifyList(IEnumerable<string> paths, Func<string, FileReader> open)
    {
        _open = open;
        Paths = [.. paths.SelectMany(Expand)];
        if (Paths.Count == 0)
        {
            throw new UserError("the folders hold no files: give some captures");
        }
    }

    /// <summary>The files.</summary>
    public IReadOnlyList<string> Paths { get; }

    /// <summary>Whether a file was named that is not there.</summary>
    public bool IsAnyMissing { get; private set; }

    /// <summary>Opens a file.</summary>
    /// <param name="path">One of <see cref="Paths"/>.</param>
    /// <param name="whyNot">Why it was passed over, one line; null when it was not.</param>
    /// <exception cref="CaptureException">It is the only file, and cannot be read.</exception>
    public FileReader? TryOpen(string path, out string? whyNot)
    {
        whyNot = null;
        try
        {
            return _open(path);
        }
        catch (CaptureException fault) when (Paths.Count > 1)
        {
            IsAnyMissing |= !File.Exists(path);
            whyNot = fault.Message.StartsWith(path, StringComparison.Ordinal)
                ? fault.Message[path.Length..].TrimStart(':', ' ')
                : fault.Message;
            return null;
        }
    }

    private static IEnumerable<string> Expand(string path) => Directory.Exists(path)
        ? Directory.EnumerateFiles(path, "*", SearchOption.AllDirectories).Order(StringComparer.Ordinal)
        : [path];
}
