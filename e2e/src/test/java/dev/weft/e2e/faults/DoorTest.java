package dev.weft.e2e.faults;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.e2e.lab.LabException;
import org.junit.jupiter.api.Test;

class DoorTest {
    @Test
    void anAnswerOfAnyKindShowsThatSomethingGotThrough() {
        assertThat(door("\"connected\":1").open()).isTrue();
        assertThat(door("\"refused\":1").open()).isTrue();
        assertThat(door("\"answered\":1").open()).isTrue();
        assertThat(door("\"firstMillis\":-1").open()).isFalse();
    }

    @Test
    void whatGotNoAnswerIsLost() {
        assertThat(door("\"connections\":10,\"connected\":9,\"datagrams\":5,\"answered\":3")
                        .lost())
                .isEqualTo(3);
    }

    @Test
    void aPodThatSaysSomethingElseIsTold() {
        assertThatThrownBy(() -> Door.read("netbench: no route"))
                .isInstanceOf(LabException.class)
                .hasMessageContaining("netbench: no route");
    }

    private static Door door(String fields) {
        return Door.read("{\"doors\":[{\"to\":\"10.0.0.1:7000\"," + fields + "}]}")
                .getFirst();
    }
}
