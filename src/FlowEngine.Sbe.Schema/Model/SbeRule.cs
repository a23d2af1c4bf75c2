namespace FlowEngine.Sbe.Schema;

/// <summary>The rules of a schema; the number is the diagnostic's code (<c>SBE001</c>); from 101, warnings.</summary>
public enum SbeRule
{
    /// <summary>No rule.</summary>
    None,

    /// <summary>The file must be well-formed XML; a DTD is not read, so its entities are unknown.</summary>
    MalformedXml = 1,

    /// <summary>The root must be <c>messageSchema</c> (or <c>types</c> in an included file).</summary>
    WrongRoot = 2,

    /// <summary>A required attribute must be there.</summary>
    MissingAttribute = 3,

    /// <summary>Numbers, presence, byte order and primitive values must be readable and fit.</summary>
    BadValue = 4,

    /// <summary>Every type that is used must be declared and of the kind its use needs.</summary>
    UnknownType = 5,

    /// <summary>Names are unique in their scope.</summary>
    DuplicateName = 6,

    /// <summary>Ids are unique in their scope.</summary>
    DuplicateId = 7,

    /// <summary>A block has its fields first, then groups, then data.</summary>
    ElementOrder = 8,

    /// <summary>An explicit offset must not reach back into the field before.</summary>
    OffsetOverlap = 9,

    /// <summary>An explicit block length must hold all fields and fit its header.</summary>
    BlockLength = 10,

    /// <summary>A constant needs a value that fits its type.</summary>
    ConstantWithoutValue = 11,

    /// <summary>A <c>valueRef</c> names an existing value as <c>Enum.Value</c> of the same encoding.</summary>
    BadValueRef = 12,

    /// <summary>The header composite has unsigned blockLength, templateId, schemaId and version.</summary>
    HeaderMembers = 13,

    /// <summary>A group dimension composite has an unsigned blockLength and a numInGroup.</summary>
    DimensionMembers = 14,

    /// <summary>A data composite has an unsigned length and a varData (or data) member.</summary>
    DataMembers = 15,

    /// <summary>An enum value is within its encoding and is not the null value.</summary>
    EnumValue = 16,

    /// <summary>A choice is a bit index of its set's encoding.</summary>
    ChoiceRange = 17,

    /// <summary>A composite must not contain itself.</summary>
    ReferenceCycle = 18,

    /// <summary>Nothing is newer than the schema.</summary>
    SinceVersion = 19,

    /// <summary>Enums and sets are encoded by an integer primitive (or char) or a scalar type of one.</summary>
    EncodingType = 20,

    /// <summary>Only the standard's elements may appear, each in its place.</summary>
    UnexpectedElement = 21,

    /// <summary>An included file must be among the known files.</summary>
    IncludeNotFound = 22,

    /// <summary>The same type would be generated twice (two schemas share a namespace).</summary>
    DuplicateOutput = 23,

    /// <summary>Composites and groups nest at most 64 deep.</summary>
    NestingDepth = 24,

    /// <summary>A field and its type must not name different semantic types.</summary>
    SemanticType = 25,

    /// <summary>Warning: two values of an enum, or choices of a set, are the same number.</summary>
    DuplicateValue = 101,

    /// <summary>Warning: a null value of a type that is not optional is never used.</summary>
    UnusedNullValue = 102,

    /// <summary>Warning: a number of a header, dimension or data prefix has an unusual width.</summary>
    UnusualWidth = 103,

    /// <summary>Warning: a schema without messages.</summary>
    NoMessages = 104,

    /// <summary>Warning: a group without fields, groups or data.</summary>
    EmptyGroup = 105,

    /// <summary>Warning: something is deprecated before it was there, or by a version to come.</summary>
    DeprecatedRange = 106,

    /// <summary>Warning: an addition stands before something older, where old decoders do not expect it.</summary>
    SinceVersionOrder = 107,

    /// <summary>Warning: a name is no name of letters, digits and underscores.</summary>
    UnusualName = 108,
}
