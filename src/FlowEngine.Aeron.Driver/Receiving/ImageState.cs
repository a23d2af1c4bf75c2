namespace FlowEngine.Aeron.Driver.Receiving;

/// <summary>Life of an image.</summary>
internal enum ImageState
{
    /// <summary>Receiving.</summary>
    Active,

    /// <summary>Ended or silent; subscribers read on, status messages say goodbye.</summary>
    Draining,

    /// <summary>Taken away from subscribers and receiver.</summary>
    Linger,

    /// <summary>To be freed once the receiver has let go.</summary>
    Done,
}
