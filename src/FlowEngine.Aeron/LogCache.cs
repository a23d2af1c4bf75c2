using FlowEngine.Aeron.Logs;

namespace FlowEngine.Aeron;

/// <summary>
/// One mapping for each log, shared by this client's publications and images of it. Refers to them weakly, so that a
/// log nobody uses any more can be finalized. Under the conductor's lock.
/// </summary>
internal sealed class LogCache(bool preTouch)
{
    private readonly Dictionary<long, WeakReference<LogBuffers>> _logs = [];

    /// <summary>Mappings alive, for tests and tools.</summary>
    public int Count => _logs.Count;

    /// <summary>The mapping of a log, counted once more.</summary>
    /// <param name="id">Registration id of the publication, or correlation id of the image, that made the log.</param>
    /// <param name="path">Its file.</param>
    /// <exception cref="IOException">There is no such file.</exception>
    /// <exception cref="InvalidDataException">It is no log buffer.</exception>
    public LogBuffers Acquire(long id, string path)
    {
        if (!_logs.TryGetValue(id, out var reference)
            || !reference.TryGetTarget(out var log)
            || log.IsDisposed
            || log.Path != Path.GetFullPath(path))
        {
            log = LogBuffers.Open(path);
            if (preTouch)
            {
                log.PreTouch();
            }

            _logs[id] = new WeakReference<LogBuffers>(log);
        }

        log.Acquire();
        return log;
    }

    /// <summary>Forgets mappings that are gone.</summary>
    public void Prune()
    {
        foreach (var (id, reference) in _logs)
        {
            if (!reference.TryGetTarget(out var log) || log.IsDisposed)
            {
                _logs.Remove(id);
            }
        }
    }
}
