package dev.tandem.knowledge.index;

import static org.assertj.core.api.Assertions.assertThat;

import dev.tandem.domain.Language;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class LanguageDetectionTest {

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
                    GERMAN     | Die Werkstatt öffnet um acht Uhr, und wer sein Fahrrad bis zum Mittag bringt, bekommt es noch am selben Abend zurück.
                    FRENCH     | L'atelier ouvre à huit heures, et celui qui apporte son vélo avant midi le récupère le soir même dans la plupart des cas.
                    SPANISH    | El taller abre a las ocho, y quien trae su bicicleta antes del mediodía la recoge esa misma tarde en la mayoría de los casos.
                    ITALIAN    | L'officina apre alle otto e chi porta la bicicletta prima di mezzogiorno la riprende la sera stessa nella maggior parte dei casi.
                    PORTUGUESE | A oficina abre às oito horas e quem traz a sua bicicleta antes do meio-dia leva-a de volta na mesma noite, na maioria dos casos.
                    DUTCH      | De werkplaats gaat om acht uur open, en wie zijn fiets voor de middag brengt, krijgt hem in de meeste gevallen dezelfde avond terug.
                    SWEDISH    | Verkstaden öppnar klockan åtta, och den som lämnar sin cykel före lunch får i de flesta fall tillbaka den samma kväll.
                    RUSSIAN    | Мастерская открывается в восемь часов, и тот, кто привозит велосипед до полудня, в большинстве случаев получает его вечером.
                    TURKISH    | Atölye saat sekizde açılıyor ve bisikletini öğleden önce getiren kişi çoğu durumda onu aynı akşam geri alıyor, ama bazen bu daha uzun sürüyor.
                    JAPANESE   | 工房は八時に開きます。正午までに自転車を持ってきた人は、ほとんどの場合その日の夕方に受け取ることができます。修理には部品が必要なこともあります。お問い合わせください。
                    ENGLISH    | The workshop opens at eight, and whoever brings a bicycle before noon gets it back in the evening of the same day in most cases.
                    """)
    void runningTextIsToldByItsLettersAndItsSmallWords(Language language, String text) {
        assertThat(LanguageDetection.of(text)).contains(language);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "Öffnungszeiten",
                "Müller Schmidt Schneider Fischer Weber Meyer Wagner Becker Schulz Hoffmann Schäfer Koch Bauer Richter Klein",
                "int main(void) { char *tampon = malloc(nb); for (i = 0; i < nb; ++i) tampon[i] = lire(fichier); return 0; }",
                "id;nom;prix;quantite\n1;vis;3,20;400\n2;clou;1,10;900\n3;ecrou;0,80;1200\n4;boulon;2,75;300\n5;rondelle;0,2;90"
            })
    void namesTablesAndCodeAreNoText(String text) {
        assertThat(LanguageDetection.of(text)).isEmpty();
    }

    @Test
    void theSameTextIsAlwaysToldTheSameWay() {
        String mixed = "Der Vertrag wird in zwei Fassungen unterschrieben. Le contrat est signé en deux versions. ";
        var first = LanguageDetection.of(mixed.repeat(5));
        for (int i = 0; i < 20; i++) {
            assertThat(LanguageDetection.of(mixed.repeat(5))).isEqualTo(first);
        }
    }
}
