using System.CommandLine;
using System.Diagnostics;
using System.Globalization;
using System.Numerics;
using System.Text.Json.Serialization;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver;
using FlowEngine.Cli.Driver;
using FlowEngine.Cli.Frame;
using FlowEngine.Core.Time;

namespace FlowEngine.Cli.Commands;

/// <summary>
/// <c>driver</c>: a media driver on its own, for engines, feeds and observers in processes of their own.
/// </summary>
internal static class DriverCommand
{
    private const string Description =
        "Run a stand-alone Aeron media driver until Ctrl-C. Engines, feeds and observers in other processes attach to "
        + "its directory; so do Aeron's own clients in any language. Settings are Aeron's own properties, from the "
        + "environment (AERON_TERM_BUFFER_LENGTH), from files (aeron.term.buffer.length=1m) and from options; a "
        + "later one wins. Errors are told once each, as they come. Its files are deleted at the end.";

    private const long KiB = 1024;
    private const long MaxTermBytes = 1024 * 1024 * KiB;
    private const long MinTermBytes = 64 * KiB;
    private static readonly string[] s_threadings = ["dedicated", "shared_network", "shared"];
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var files = CliOption.Files(
            "FILE", "Properties files with Aeron's names; a later one wins", ArgumentArity.ZeroOrMore);
        var directory = AeronOptionSet.Directory(
            "Directory of the driver's files [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var threading = CliOption.Text(
            "--threading",
            "MODE",
            $"Threads of the driver: {string.Join(", ", s_threadings)} [default: dedicated on 4 or more cores]");
        var deleteOnStart = CliOption.Flag(
            "--delete-on-start",
            "Do not wait until the heartbeat of a driver that was killed has grown old: replace its files now");
        var termLength = CliOption.OptionalSize(
            "--ipc-term-length",
            "Bytes of one term of an IPC stream, of which a stream has three; a power of two [default: 64m]",
            MinTermBytes,
            MaxTermBytes);
        var printConfiguration = CliOption.Flag(
            "--print-configuration", "Say all settings before the start, in a form that can be read from a file again");
        var command = new CliCommand(
            "driver",
            Description,
            "directory, pid, elapsedSeconds and errors",
            "flowengine driver",
            "flowengine driver --aeron-dir /dev/shm/desk1 --ipc-term-length 16m",
            "flowengine driver desk.properties --threading shared_network --print-configuration");
        command.Arguments.Add(files);
        Option[] options = [directory, threading, deleteOnStart, termLength, printConfiguration];
        foreach (var option in options)
        {
            command.Options.Add(option);
        }

        return command.Runs(services, context =>
        {
            var given = Given(
                context.Get(directory), context.Get(threading), context.Get(deleteOnStart), context.Get(termLength));
            return Run(
                context, DriverSetup.Read(context.Get(files), given, Warn), context.Get(printConfiguration));

            void Warn(string warning) => context.Output.Notice($"flowengine: {warning}");
        });
    }

    private static IEnumerable<(string Name, string Value, string Origin)> Given(
        string? directory, string? threading, bool deleteOnStart, long? termLength)
    {
        if (threading is not null && !s_threadings.Contains(threading))
        {
            throw UserError.Usage($"--threading is '{threading}': use {string.Join(", ", s_threadings)}");
        }

        if (termLength is { } bytes && !BitOperations.IsPow2(bytes))
        {
            throw UserError.Usage($"--ipc-term-length is {bytes}: use a power of two, such as 64k, 16m or 1g");
        }

        (string, string?, string)[] given =
        [
            ("aeron.dir", directory, "--aeron-dir"),
            ("aeron.threading.mode", threading?.ToUpperInvariant(), "--threading"),
            ("aeron.dir.delete.on.start", deleteOnStart ? "true" : null, "--delete-on-start"),
            ("aeron.ipc.term.buffer.length", termLength?.ToString(CultureInfo.InvariantCulture), "--ipc-term-length"),
        ];
        return given.Where(option => option.Item2 is not null)!;
    }

    private static int Run(CommandContext context, MediaDriverContext settings, bool printConfiguration)
    {
        var startNs = SystemClock.Nanos();
        var directory = settings.Directory;
        var output = context.Output;
        if (printConfiguration)
        {
            foreach (var (name, value) in DriverConfiguration.Of(settings))
            {
                output.Notice($"{name}={value}");
            }
        }

        long errors;
        using (var driver = Launch(settings with { TerminationHook = context.Stop.Request }))
        using (var feed = new ErrorFeed(directory, output.Notice))
        {
            output.Notice(
                $"flowengine: media driver ready in {directory} (pid {Environment.ProcessId}); "
                + $"{Summary(settings)}; Ctrl-C stops it");
            while (!context.Stop.Wait(s_checkInterval))
            {
                feed.Look();
                if (driver.Failure is { } failure)
                {
                    throw new InvalidOperationException("the media driver's thread has ended", failure);
                }
            }

            errors = feed.Look();
        }

        var result = new DriverResult(
            directory, Environment.ProcessId, Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3), errors);
        output.Result(
            result,
            DriverJson.Default.DriverResult,
            $"media driver in {directory} stopped after {result.ElapsedSeconds:F1} s, {errors} errors");
        return ExitCode.Success;
    }

    private static string Summary(MediaDriverContext settings) => string.Create(
        CultureInfo.InvariantCulture,
        $"threading {DriverConfiguration.Word(settings.ThreadingMode)}, terms of {settings.IpcTermBufferLength >> 10}k "
        + $"(IPC) and {settings.TermBufferLength >> 10}k (UDP), MTU {settings.MtuLength}, clients are dropped after "
        + $"{DriverConfiguration.Duration(settings.ClientLivenessTimeoutNs)}");

    private static MediaDriver Launch(MediaDriverContext settings)
    {
        var directory = settings.Directory;
        var wasKilled = HolderIsGone(directory);
        if (settings.DeleteDirectoryOnStart && !wasKilled && MediaDriver.IsActive(directory))
        {
            throw new UserError($"{directory}: its driver is alive: stop it first, or give another --aeron-dir");
        }

        try
        {
            return MediaDriver.Launch(settings);
        }
        catch (ActiveDriverException exception)
        {
            throw new UserError(
                wasKilled
                    ? $"{directory}: its driver was killed just now: wait "
                        + $"{DriverConfiguration.Duration(settings.DriverTimeoutNs)}, or give --delete-on-start"
                    : $"a media driver is already running in {directory}: use it, stop it, or give another --aeron-dir",
                cause: exception);
        }
        catch (ArgumentException exception)
        {
            throw new UserError(
                $"the settings do not go together: {exception.Message.ReplaceLineEndings(" ")}", cause: exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException or AeronException)
        {
            throw new UserError(
                $"no media driver can work in {directory}: {exception.Message}; give another --aeron-dir",
                cause: exception);
        }
    }

    // The heartbeat of a killed driver looks alive for ten seconds; its process tells better.
    private static bool HolderIsGone(string directory)
    {
        try
        {
            using var cnc = CncFile.TryOpen(directory, readOnly: true, out _);
            if (cnc is null)
            {
                return false;
            }

            using var holder = Process.GetProcessById((int)cnc.DriverPid);
            return holder.HasExited;
        }
        catch (ArgumentException)
        {
            return true;
        }
        catch (InvalidDataException)
        {
            return false;
        }
    }
}

/// <summary>What <c>driver</c> says at its end.</summary>
/// <param name="Directory">Where it ran.</param>
/// <param name="Pid">Its process.</param>
/// <param name="ElapsedSeconds">How long.</param>
/// <param name="Errors">How many it logged.</param>
internal sealed record DriverResult(string Directory, int Pid, double ElapsedSeconds, long Errors);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DriverResult))]
internal sealed partial class DriverJson : JsonSerializerContext;
