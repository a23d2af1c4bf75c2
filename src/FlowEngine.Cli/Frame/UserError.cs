namespace FlowEngine.Cli.Frame;

/// <summary>
/// Something only the user can put right. The message is one line: what is wrong, where, and what to do; the frame
/// prints it without a stack trace and ends the command.
/// </summary>
#pragma warning disable CA1710 // Reads as what it is where it is thrown.
internal sealed class UserError : Exception
#pragma warning restore CA1710
{
    /// <summary>A fault that ends the command with <see cref="Frame.ExitCode.Failed"/> unless told otherwise.</summary>
    public UserError(string message, int exitCode = Frame.ExitCode.Failed, Exception? cause = null)
        : base(message, cause) => ExitCode = exitCode;

    /// <summary>What the command ends with.</summary>
    public int ExitCode { get; }

    /// <summary>A command line that makes no sense.</summary>
    public static UserError Usage(string message) => new(message, Frame.ExitCode.BadUsage);
}
