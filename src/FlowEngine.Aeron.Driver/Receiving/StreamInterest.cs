using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>Who wants which sessions of a stream, and what is known of each. Receiver's thread.</summary>
internal sealed class StreamInterest
{
    /// <summary>Sessions without an image that are remembered: strangers can make up as many as they like.</summary>
    public const int MaxStates = 4096;

    private readonly Dictionary<int, PublicationImage> _images = [];
    private readonly Dictionary<int, SessionState> _states = [];
    private readonly HashSet<int> _sessions = [];
    private bool _wantsAll;

    /// <summary>Whether nobody wants any of it.</summary>
    public bool IsEmpty => !_wantsAll && _sessions.Count == 0 && _images.Count == 0;

    /// <summary>The image of a session.</summary>
    [Hot]
    public bool TryGetImage(int sessionId, out PublicationImage image) => _images.TryGetValue(sessionId, out image!);

    /// <summary>Whether it has so many images, counting those being made.</summary>
    public bool HasImages(int limit) => _images.Count + _states.Count >= limit
        && _images.Count + _states.Values.Count(state => state == SessionState.InitInProgress) >= limit;

    /// <summary>Whether somebody wants a session.</summary>
    public bool Wants(int sessionId) => _wantsAll || _sessions.Contains(sessionId);

    /// <summary>What is known of a session without an image.</summary>
    public SessionState State(int sessionId) => _states.GetValueOrDefault(sessionId);

    /// <summary>Remembers something of a session.</summary>
    /// <returns>Whether there was room.</returns>
    public bool TrySet(int sessionId, SessionState state)
    {
        if (_states.Count >= MaxStates && !_states.ContainsKey(sessionId))
        {
            return false;
        }

        _states[sessionId] = state;
        return true;
    }

    /// <summary>Forgets a session if it is in this state.</summary>
    public void Forget(int sessionId, SessionState state)
    {
        if (State(sessionId) == state)
        {
            _states.Remove(sessionId);
        }
    }

    /// <summary>Somebody wants one session, or all of them.</summary>
    public void Add(int? sessionId)
    {
        if (sessionId is { } id)
        {
            _sessions.Add(id);
            Forget(id, SessionState.NoInterest);
        }
        else if (!_wantsAll)
        {
            _wantsAll = true;
            Forget(state => state == SessionState.NoInterest);
        }
    }

    /// <summary>Nobody wants that session any more, or all of them; those asked for by id stay.</summary>
    public void Remove(int? sessionId)
    {
        if (sessionId is { } id)
        {
            _sessions.Remove(id);
            if (!_wantsAll)
            {
                _images.Remove(id);
                _states.Remove(id);
            }

            return;
        }

        _wantsAll = false;
        foreach (var session in _images.Keys.Where(key => !_sessions.Contains(key)).ToArray())
        {
            _images.Remove(session);
        }

        foreach (var session in _states.Keys.Where(key => !_sessions.Contains(key)).ToArray())
        {
            _states.Remove(session);
        }
    }

    /// <summary>A session has an image now.</summary>
    public void AddImage(PublicationImage image)
    {
        _states.Remove(image.SessionId);
        _images[image.SessionId] = image;
    }

    /// <summary>An image is gone; unless its stream has ended, the session is ignored until told otherwise.</summary>
    public void RemoveImage(PublicationImage image)
    {
        if (_images.TryGetValue(image.SessionId, out var current) && current == image)
        {
            _images.Remove(image.SessionId);
            if (!image.IsEndOfStream)
            {
                TrySet(image.SessionId, SessionState.CoolDown);
            }
        }
    }

    private void Forget(Predicate<SessionState> which)
    {
        foreach (var session in _states.Where(state => which(state.Value)).Select(state => state.Key).ToArray())
        {
            _states.Remove(session);
        }
    }
}

/// <summary>What is known of a session that has no image.</summary>
internal enum SessionState
{
    /// <summary>Nothing.</summary>
    Unknown,

    /// <summary>Its sender was asked for a SETUP.</summary>
    PendingSetup,

    /// <summary>The conductor is making its image.</summary>
    InitInProgress,

    /// <summary>It had an image not long ago: what comes is ignored.</summary>
    CoolDown,

    /// <summary>Nobody wants it.</summary>
    NoInterest,
}
