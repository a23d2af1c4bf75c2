namespace FlowEngine.Feeds;

/// <summary>
/// Why input was refused; one counter each. The numbers travel in <c>MarketEvent.Id</c> of damaged events.
/// </summary>
public enum DamageReason : byte
{
    /// <summary>Not refused.</summary>
    None = 0,

    /// <summary>The packet or a message in it ends before its lengths say.</summary>
    TruncatedPacket = 1,

    /// <summary>The packet has more bytes than its frame header says.</summary>
    BadFrameLength = 2,

    /// <summary>The header names another schema.</summary>
    WrongSchema = 3,

    /// <summary>The envelope names a payload format that is not known here.</summary>
    UnknownFormat = 4,

    /// <summary>The schema has no such message.</summary>
    UnknownTemplate = 5,

    /// <summary>A block or an entry is shorter than its fields.</summary>
    ShortBlock = 6,

    /// <summary>A repeating group that cannot be walked.</summary>
    BadGroup = 7,

    /// <summary>A price that is not a number, or infinite.</summary>
    NaNPrice = 8,

    /// <summary>A price between two steps of the instrument's grid.</summary>
    OffGridPrice = 9,

    /// <summary>A price outside of what the instrument can have.</summary>
    BadPrice = 10,

    /// <summary>A quantity that is no positive number of lots.</summary>
    BadQuantity = 11,

    /// <summary>An enum value that the schema does not have, or its null.</summary>
    BadEnum = 12,

    /// <summary>A time that nanoseconds since epoch cannot hold.</summary>
    BadTime = 13,

    /// <summary>An instrument definition that makes no sense.</summary>
    BadDefinition = 14,

    /// <summary>A definition that differs from the one in use: quanta or lots would change their worth.</summary>
    ConflictingDefinition = 15,

    /// <summary>No room for another instrument; it stays unknown.</summary>
    TableFull = 16,
}
