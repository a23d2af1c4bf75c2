using System.Buffers.Binary;
using Wire = FlowEngine.Messages.MarketData;

namespace FlowEngine.Feeds;

/// <summary>Walks runs of normalised messages, for tools.</summary>
public static class NormalisedMessages
{
    /// <summary>Bytes of the message with which a run begins.</summary>
    /// <returns>0 for what is none.</returns>
    public static int LengthOf(ReadOnlySpan<byte> run)
    {
        if (run.Length < Wire.MessageHeaderReader.Length
            || BinaryPrimitives.ReadUInt16LittleEndian(run[4..]) != Wire.SchemaInfo.Id)
        {
            return 0;
        }

        return BinaryPrimitives.ReadUInt16LittleEndian(run[2..]) switch
        {
            Wire.InstrumentDefinitionReader.TemplateId when Wire.InstrumentDefinitionReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.LevelUpdateReader.TemplateId when Wire.LevelUpdateReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.OrderUpdateReader.TemplateId when Wire.OrderUpdateReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.SnapshotPieceReader.TemplateId when Wire.SnapshotPieceReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.TradesReader.TemplateId when Wire.TradesReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.LiquidationOrderReader.TemplateId when Wire.LiquidationOrderReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.DerivativeTickerReader.TemplateId when Wire.DerivativeTickerReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.InstrumentStatusReader.TemplateId when Wire.InstrumentStatusReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.ClearBookReader.TemplateId when Wire.ClearBookReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.OrderSnapshotPieceReader.TemplateId when Wire.OrderSnapshotPieceReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.BestQuoteReader.TemplateId when Wire.BestQuoteReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.BookRowReader.TemplateId when Wire.BookRowReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.BookChecksumReader.TemplateId when Wire.BookChecksumReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            Wire.BookLostReader.TemplateId when Wire.BookLostReader.TryWrap(run, out var m) => m.EncodedLength,
            Wire.SessionResetReader.TemplateId when Wire.SessionResetReader.TryWrap(run, out var m) =>
                m.EncodedLength,
            _ => 0,
        };
    }
}
