using System.CommandLine;
using System.Diagnostics;
using System.Numerics;
using System.Text.Json.Serialization;
using FlowEngine.Aeron;
using FlowEngine.Aeron.Control;
using FlowEngine.Aeron.Driver;
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
        + "its directory; so do Aeron's own clients in any language. Its files are deleted at the end.";

    private const long KiB = 1024;
    private const long MaxTermBytes = 1024 * 1024 * KiB;
    private const long MinTermBytes = 64 * KiB;
    private const long DefaultTermBytes = 64 * 1024 * KiB;
    private static readonly TimeSpan s_checkInterval = TimeSpan.FromMilliseconds(200);

    /// <summary>The command.</summary>
    public static Command Create(FrameServices services)
    {
        var aeron = new AeronOptionSet("Directory of the driver's files [default: $AERON_DIR or /dev/shm/aeron-USER]");
        var deleteOnStart = CliOption.Flag(
            "--delete-on-start",
            "Do not wait until the heartbeat of a driver that was killed has grown old: replace its files now");
        var termLength = CliOption.OptionalSize(
            "--ipc-term-length",
            "Bytes of one term of an IPC stream, of which a stream has three; a power of two [default: 64m]",
            MinTermBytes,
            MaxTermBytes);
        var command = new CliCommand(
            "driver",
            Description,
            "directory, pid and elapsedSeconds",
            "flowengine driver",
            "flowengine driver --aeron-dir /dev/shm/desk1 --ipc-term-length 16m");
        aeron.AddTo(command);
        command.Options.Add(deleteOnStart);
        command.Options.Add(termLength);
        return command.Runs(services, context =>
        {
            var bytes = context.Get(termLength) ?? DefaultTermBytes;
            return BitOperations.IsPow2(bytes)
                ? Run(context, aeron.Read(context.Parsed).DirectoryOrDefault, context.Get(deleteOnStart), (int)bytes)
                : throw UserError.Usage($"--ipc-term-length is {bytes}: use a power of two, such as 64k, 16m or 1g");
        });
    }

    private static int Run(CommandContext context, string directory, bool deleteOnStart, int termLength)
    {
        var startNs = SystemClock.Nanos();
        using (var driver = Launch(directory, deleteOnStart, termLength))
        {
            context.Output.Notice(
                $"flowengine: media driver ready in {directory} (pid {Environment.ProcessId}); Ctrl-C stops it");
            while (!context.Stop.Wait(s_checkInterval))
            {
                if (driver.Failure is { } failure)
                {
                    throw new InvalidOperationException("the media driver's thread has ended", failure);
                }
            }
        }

        var result = new DriverResult(
            directory, Environment.ProcessId, Math.Round((SystemClock.Nanos() - startNs) / 1e9, 3));
        context.Output.Result(
            result,
            DriverJson.Default.DriverResult,
            $"media driver in {directory} stopped after {result.ElapsedSeconds:F1} s");
        return ExitCode.Success;
    }

    private static MediaDriver Launch(string directory, bool deleteOnStart, int termLength)
    {
        var wasKilled = HolderIsGone(directory);
        if (deleteOnStart && !wasKilled && MediaDriver.IsActive(directory))
        {
            throw new UserError($"{directory}: its driver is alive: stop it first, or give another --aeron-dir");
        }

        try
        {
            return MediaDriver.Launch(new MediaDriverContext
            {
                Directory = directory,
                IpcTermBufferLength = termLength,
                DeleteDirectoryOnStart = deleteOnStart,
                DeleteDirectoryOnShutdown = true,
            });
        }
        catch (ActiveDriverException exception)
        {
            throw new UserError(
                wasKilled
                    ? $"{directory}: its driver was killed just now: wait ten seconds, or give --delete-on-start"
                    : $"a media driver is already running in {directory}: use it, stop it, or give another --aeron-dir",
                cause: exception);
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
internal sealed record DriverResult(string Directory, int Pid, double ElapsedSeconds);

/// <summary>How it is written.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase)]
[JsonSerializable(typeof(DriverResult))]
internal sealed partial class DriverJson : JsonSerializerContext;
