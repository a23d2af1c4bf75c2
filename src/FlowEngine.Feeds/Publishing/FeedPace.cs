namespace FlowEngine.Feeds.Publishing;

/// <summary>When packets are due.</summary>
public enum FeedPace
{
    /// <summary>As far apart as the source says, divided by the speed.</summary>
    Source = 0,

    /// <summary>Evenly, at a rate.</summary>
    Rate = 1,

    /// <summary>All at once: as fast as the publication takes them.</summary>
    FlatOut = 2,
}
