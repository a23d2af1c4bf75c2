using FlowEngine.Engine;
using FlowEngine.Messages.Signals;
using Xunit;

namespace FlowEngine.Tests.Engine;

public sealed class ProvenanceLayoutTests
{
    [Fact]
    public void Stamps_land_in_the_fields_the_schema_names()
    {
        var buffer = new byte[TopOfBookReader.EncodedFixedLength];
        var writer = new TopOfBookWriter(buffer);
        var provenance = writer.Provenance;
        provenance.Sequence = 77;
        provenance.Delivery = Delivery.Timed;

        ProvenanceLayout.StampStored(buffer, epoch: 11, receiveTime: 22);
        ProvenanceLayout.StampSent(buffer, publishTime: 33, conflated: 44);
        ProvenanceLayout.MarkRepeat(buffer);

        Assert.True(TopOfBookReader.TryWrap(buffer, out var reader));
        Assert.Equal(11ul, reader.Provenance.Epoch);
        Assert.Equal(22, reader.Provenance.ReceiveTime);
        Assert.Equal(33, reader.Provenance.PublishTime);
        Assert.Equal(44u, reader.Provenance.Conflated);
        Assert.Equal(Delivery.Timed | Delivery.Repeat, reader.Provenance.Delivery);
        Assert.Equal(77ul, ProvenanceLayout.SequenceOf(buffer));
    }
}
