using FlowEngine.Aeron.Driver;
using FlowEngine.Cli.Frame;

namespace FlowEngine.Cli.Driver;

/// <summary>
/// Settings of a stand-alone driver: Aeron's defaults, then the environment, then properties files in order, then the
/// command line; a later one wins.
/// </summary>
internal static class DriverSetup
{
    // A thread each for conductor, sender and receiver needs cores beside those of the applications.
    private const int MinProcessorsForDedicated = 4;

    /// <summary>What the command sets unless a property says otherwise.</summary>
    public static MediaDriverContext Defaults => new()
    {
        DeleteDirectoryOnShutdown = true,
        ThreadingMode = Environment.ProcessorCount >= MinProcessorsForDedicated
            ? ThreadingMode.Dedicated
            : ThreadingMode.Shared,
    };

    /// <summary>Reads all sources.</summary>
    /// <param name="files">Properties files.</param>
    /// <param name="options">Property, value and the option it came from.</param>
    /// <param name="warn">Takes what is not heeded, a line each.</param>
    /// <exception cref="UserError">A file cannot be read, or a value is not allowed.</exception>
    public static MediaDriverContext Read(
        IEnumerable<string> files,
        IEnumerable<(string Name, string Value, string Origin)> options,
        Action<string> warn)
    {
        var properties = new DriverProperties();
        try
        {
            properties.ReadEnvironment();
            foreach (var file in files)
            {
                properties.ReadFile(file);
            }

            foreach (var (name, value, origin) in options)
            {
                properties.Set(name, value, origin);
            }

            var context = properties.ToContext(Defaults);
            foreach (var warning in properties.Warnings)
            {
                warn(warning);
            }

            return context.ThreadingMode == ThreadingMode.Invoker
                ? throw new UserError(
                    "aeron.threading.mode=INVOKER is for drivers that an application steps: use DEDICATED, "
                    + "SHARED_NETWORK or SHARED")
                : context;
        }
        catch (DriverPropertyException exception)
        {
            throw new UserError(exception.Message, cause: exception);
        }
    }
}
