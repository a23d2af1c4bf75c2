using FlowEngine.Aeron.Driver.Media;
using FlowEngine.Aeron.Logs;
using FlowEngine.Aeron.Protocol;
using FlowEngine.Core;

namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>
/// Brings what an endpoint receives to the images, and makes the conductor create those that are wanted. For each
/// session: unknown, asked for a SETUP, being made, active, cooling down, or of no interest. Receiver's thread.
/// </summary>
internal sealed unsafe class DataPacketDispatcher(ReceiveEndpoint endpoint, int sessionLimit)
{
    private readonly Dictionary<int, StreamInterest> _streams = [];

    /// <summary>Whether anybody wants anything.</summary>
    public bool HasInterest => _streams.Count != 0;

    public void AddInterest(int streamId, int? sessionId)
    {
        if (!_streams.TryGetValue(streamId, out var stream))
        {
            stream = new StreamInterest();
            _streams.Add(streamId, stream);
        }

        stream.Add(sessionId);
    }

    public void RemoveInterest(int streamId, int? sessionId)
    {
        if (_streams.TryGetValue(streamId, out var stream))
        {
            stream.Remove(sessionId);
            RemoveIfEmpty(streamId, stream);
        }
    }

    public void AddImage(PublicationImage image)
    {
        if (_streams.TryGetValue(image.StreamId, out var stream))
        {
            stream.AddImage(image);
        }
    }

    public void RemoveImage(PublicationImage image)
    {
        if (_streams.TryGetValue(image.StreamId, out var stream))
        {
            stream.RemoveImage(image);
            RemoveIfEmpty(image.StreamId, stream);
        }
    }

    public void ForgetPendingSetup(int streamId, int sessionId) =>
        Forget(streamId, sessionId, SessionState.PendingSetup);

    public void ForgetInitInProgress(int streamId, int sessionId) =>
        Forget(streamId, sessionId, SessionState.InitInProgress);

    public void ForgetCoolDown(int streamId, int sessionId) => Forget(streamId, sessionId, SessionState.CoolDown);

    /// <summary>A datagram of data frames, 32 bytes or more.</summary>
    [Hot]
    public void OnData(
        ReceiveDestination destination, byte* packet, int length, in UdpAddress source, long nowNs)
    {
        var streamId = *(int*)(packet + DataFrame.StreamIdOffset);
        if (!_streams.TryGetValue(streamId, out var stream))
        {
            return;
        }

        var sessionId = *(int*)(packet + DataFrame.SessionIdOffset);
        if (stream.TryGetImage(sessionId, out var image))
        {
            image.Reception.Insert(destination, packet, length, source, nowNs);
        }
        else if ((packet[DataFrame.FlagsOffset] & DataFrame.EndOfStreamFlag) == 0
            && stream.State(sessionId) == SessionState.Unknown)
        {
            OnUnknown(stream, streamId, sessionId, destination, source, nowNs);
        }
    }

    /// <summary>A SETUP whose values have been checked.</summary>
    public void OnSetup(ReceiveDestination destination, in SetupFrame setup, in UdpAddress source, long nowNs)
    {
        if (!_streams.TryGetValue(setup.StreamId, out var stream))
        {
            return;
        }

        if (stream.TryGetImage(setup.SessionId, out var image))
        {
            image.Reception.OnSetup(destination, source, nowNs);
            return;
        }

        var state = stream.State(setup.SessionId);
        if (state == SessionState.Unknown && !stream.Wants(setup.SessionId))
        {
            stream.TrySet(setup.SessionId, SessionState.NoInterest);
            return;
        }

        if (state is not (SessionState.Unknown or SessionState.PendingSetup))
        {
            return;
        }

        if (stream.HasImages(sessionLimit))
        {
            endpoint.OnSessionLimit(setup.StreamId, sessionLimit);
            return;
        }

        if (state == SessionState.PendingSetup)
        {
            endpoint.CheckTtl(destination, setup.Ttl);
        }

        if (stream.TrySet(setup.SessionId, SessionState.InitInProgress))
        {
            endpoint.RequestImage(destination, setup, source);
        }
    }

    /// <summary>A round trip measurement for this receiver: a question is answered, an answer is taken.</summary>
    [Hot]
    public void OnRtt(ReceiveDestination destination, in RttFrame frame, in UdpAddress source, long nowNs)
    {
        if (!_streams.TryGetValue(frame.StreamId, out var stream)
            || !stream.TryGetImage(frame.SessionId, out var image))
        {
            return;
        }

        if ((frame.Flags & RttFrame.ReplyFlag) != 0)
        {
            var to = destination.Channel.IsMulticast ? destination.ControlAddress : source;
            endpoint.SendRtt(destination, to, frame.StreamId, frame.SessionId, frame.EchoNs, 0, isRequest: false);
        }
        else
        {
            image.Reception.OnRtt(frame, nowNs);
        }
    }

    private void OnUnknown(
        StreamInterest stream,
        int streamId,
        int sessionId,
        ReceiveDestination destination,
        in UdpAddress source,
        long nowNs)
    {
        if (!stream.Wants(sessionId))
        {
            // Kept so that the next packet of it costs one look-up.
            stream.TrySet(sessionId, SessionState.NoInterest);
        }
        else if (endpoint.CanElicitSetup && stream.TrySet(sessionId, SessionState.PendingSetup))
        {
            endpoint.ElicitSetup(destination, source, streamId, sessionId, nowNs);
        }
    }

    private void Forget(int streamId, int sessionId, SessionState state)
    {
        if (_streams.TryGetValue(streamId, out var stream))
        {
            stream.Forget(sessionId, state);
        }
    }

    private void RemoveIfEmpty(int streamId, StreamInterest stream)
    {
        if (stream.IsEmpty)
        {
            _streams.Remove(streamId);
        }
    }
}
