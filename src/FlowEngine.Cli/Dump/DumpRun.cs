using System.IO.Compression;
using FlowEngine.Cli.Frame;
using FlowEngine.Feeds.Captures;
using FlowEngine.Feeds.Framing;
using FlowEngine.Sbe.OnTheFly;

namespace FlowEngine.Cli.Dump;

/// <summary>Prints files, one after the other; what is wrong with one does not keep the next from its turn.</summary>
internal sealed class DumpRun : IDisposable
{
    private const int MaxRawBytes = 1 << 30;

    private readonly CommandContext _context;
    private readonly SchemaDecoder _decoder;
    private readonly FramingKind? _forced;
    private readonly DumpLines _lines;
    private readonly DumpProgress _progress;

    /// <summary>A run.</summary>
    public DumpRun(CommandContext context, SchemaDecoder decoder, FramingKind? forced)
    {
        _context = context;
        _decoder = decoder;
        _forced = forced;
        _progress = new DumpProgress(context.Output);
        _lines = context.Output.IsJson ? new JsonLines(context.Output.Stream) : new TextLines(context.Output.Stream);
    }

    /// <summary>Prints the messages of one file.</summary>
    /// <returns>Whether all went well.</returns>
    public bool Print(string path)
    {
        var report = new DumpReport(_context.Output, _progress, path);
        try
        {
            var dump = new MessageDump(_decoder, _lines, report);
            if (IsCapture(path))
                Capture(dump);
            else
                Raw(dump, ReadAll(path));
        }
        catch (Exception fault) when (fault is CaptureException or IOException or UnauthorizedAccessException
            or InvalidDataException)
        {
            report.Damage(fault);
        }

        _lines.Flush();
        report.End();
        return report.Damaged == 0;
    }

    /// <inheritdoc/>
    public void Dispose() => _lines.Dispose();

    private void Capture(MessageDump dump)
    {
        CaptureSurvey? survey = null;
        if (_forced is null)
        {
            survey = CaptureSurvey.Of(dump.Report.Path, dump.Probe, _context.Stop);
            if (survey.IsSilent)
            {
                dump.Report.Say($"{dump.Report.Path}: holds heartbeats and no message");
                return;
            }

            if (!survey.HasKnown && !_context.Stop.IsRequested)
                throw NothingKnown(dump.Report.Path, survey.Hint);
        }

        new CaptureDump(dump, _progress, _context.Stop, _forced, survey).Run();
    }

    private void Raw(MessageDump dump, byte[] bytes)
    {
        var framing = _forced;
        if (framing is null)
        {
            if (!FramingGuess.TryFind(bytes, isStream: true, dump.Probe, out var guess) || guess.Known == 0)
                throw NothingKnown(dump.Report.Path, "");
            framing = guess.Kind;
        }

        new RawDump(dump).Run(bytes, framing.Value);
    }

    private CaptureException NothingKnown(string path, string hint)
    {
        var schema = _decoder.Schema;
        return new CaptureException(
            path,
            $"no message of {Path.GetFileName(schema.Path)} (id {schema.Id}, version {schema.Version}) is in it{hint}",
            "give the schema it was written with, or say with --framing how messages lie in it");
    }

    private static bool IsCapture(string path)
    {
        using var stream = Open(path);
        Span<byte> start = stackalloc byte[CaptureFormats.MagicLength];
        var length = stream.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        return CaptureFormats.Detect(start[..length]) is CaptureFormat.Pcap or CaptureFormat.PcapNg;
    }

    private static byte[] ReadAll(string path)
    {
        using var stream = Open(path);
        var bytes = new MemoryStream();
        var piece = new byte[1 << 16];
        while (stream.Read(piece) is > 0 and var length)
        {
            bytes.Write(piece, 0, length);
            if (bytes.Length > MaxRawBytes)
                throw new CaptureException(path, "is no capture and larger than 1 GiB", "cut it into pieces");
        }

        return bytes.Length > 0 ? bytes.ToArray()
            : throw new CaptureException(path, "is empty", "give a capture, or a file of messages");
    }

    private static Stream Open(string path)
    {
        if (Directory.Exists(path))
            throw new CaptureException(path, "is a folder", "give a capture, or a file of messages");
        FileStream file;
        try
        {
            file = File.OpenRead(path);
        }
        catch (Exception fault) when (fault is FileNotFoundException or DirectoryNotFoundException)
        {
            throw new CaptureException(path, "no such file", "give a capture, or a file of messages", fault);
        }

        Span<byte> start = stackalloc byte[2];
        var length = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return CaptureFormats.Detect(start[..length]) == CaptureFormat.Gzip
            ? new GZipStream(file, CompressionMode.Decompress) : file;
    }
}
