using FlowEngine.Cli.Frame;
using FlowEngine.Engine;
using FlowEngine.Feeds.Readers;

namespace FlowEngine.Cli.Explain;

/// <summary>
/// A file through the whole engine on the calling thread, without Aeron, with somebody looking over its shoulder: the
/// same events with the same numbers as <c>replay</c>, which hashes as this does.
/// </summary>
internal sealed class TappedReplay : IDisposable
{
    private readonly FileSource _source;
    private readonly string _path;

    /// <summary>Opens the file; nothing runs yet.</summary>
    public TappedReplay(
        IReadOnlyList<string> paths, Func<string, FileReader> open, EngineOptions options, IEventTap tap)
    {
        _path = paths[0];
        _source = new FileSource(paths, open);
        Identity = new EngineIdentity(0, EngineConfiguration.Hash(options));
        Pipeline = new Pipeline(options, Identity, publication: null, withDigest: true, tap: tap);
        Pipeline.Engine.OnStart();
    }

    /// <summary>The engine.</summary>
    public Pipeline Pipeline { get; }

    /// <summary>The file being read.</summary>
    public FileReader File => _source.File;

    /// <summary>Epoch 0: it tells nothing that a file could not.</summary>
    public EngineIdentity Identity { get; }

    /// <summary>Reads on until the end of the file, or until there is enough.</summary>
    /// <exception cref="UserError">The user stopped it.</exception>
    public void Run(Func<bool> isEnough, StopSignal stop)
    {
        var packet = new byte[_source.MaxPacketLength];
        for (int length; !isEnough() && (length = _source.NextPacket(packet, out _)) > 0;)
        {
            while (!Pipeline.Ingress.TryAccept(packet.AsSpan(0, length)))
            {
                Step();
            }

            Step();
            if (stop.IsRequested)
            {
                throw new UserError($"{_path}: stopped at {_source.File.Place}, before the end");
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Pipeline.Dispose();
        _source.Dispose();
    }

    private void Step()
    {
        while (Pipeline.Engine.DoWork(0) > 0)
        {
        }

        if (Pipeline.Engine.LastFailure is { } failure)
        {
            throw new InvalidOperationException("the engine has failed", failure);
        }
    }
}
