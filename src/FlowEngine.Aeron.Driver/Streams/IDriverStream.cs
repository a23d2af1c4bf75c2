namespace FlowEngine.Aeron.Driver;

/// <summary>
/// A log that clients can have an image of: an IPC publication, a spied network publication, an image.
/// </summary>
internal interface IDriverStream
{
    /// <summary>Registration id of the publication, or correlation id of the network image.</summary>
    long ImageId { get; }

    int SessionId { get; }

    int StreamId { get; }

    string LogPath { get; }

    /// <summary>Where it comes from, for people: <c>aeron:ipc</c> or <c>127.0.0.1:48141</c>.</summary>
    string SourceIdentity { get; }
}

/// <summary>Who tells clients that an image comes or goes.</summary>
internal interface IImageEvents
{
    void OnAvailable(IDriverStream stream, SubscriberPosition subscriber);

    void OnUnavailable(IDriverStream stream, SubscriberPosition subscriber);
}
